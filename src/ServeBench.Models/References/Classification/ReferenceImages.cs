using System.Reflection;
using System.Security.Cryptography;

namespace ServeBench.Models.References.Classification;

/// <summary>
/// The photographs whose classes every stack must give: JPEG files as cameras and websites make them, wide and upright, with colours of
/// full and of quarter resolution, one in shades of grey (References/Classification/images/README.md says where they are from).
/// </summary>
public static class ReferenceImages
{
    private const string Prefix = "reference-image/";

    /// <summary>In a fixed order.</summary>
    public static IReadOnlyList<ReferenceFile> All { get; } =
        [
            .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
                .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(n => new ReferenceFile(n[Prefix.Length..], Bytes(n))),
        ];

    /// <summary>Of the files one after another.</summary>
    public static string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData([.. All.SelectMany(i => i.Bytes)]));

    private static byte[] Bytes(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <param name="Name">Name of the file.</param>
/// <param name="Bytes">Its content.</param>
public sealed record ReferenceFile(string Name, byte[] Bytes);
