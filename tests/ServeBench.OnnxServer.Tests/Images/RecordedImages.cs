namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>The image files of Vectors, and what Pillow makes of them (Recording/README.md).</summary>
internal static class RecordedImages
{
    /// <summary>Side before cutting, and side of what is cut out.</summary>
    public static IReadOnlyList<(int Resize, int Size)> Plans { get; } = [(24, 16), (64, 48)];

    /// <summary>The files that are read.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*.rgb").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    private static string Folder => Path.Combine(Support.Repository.Root, "tests", "ServeBench.OnnxServer.Tests", "Images", "Vectors");

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));
}
