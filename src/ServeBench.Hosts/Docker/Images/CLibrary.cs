using System.Globalization;
using System.Text.RegularExpressions;

namespace ServeBench.Hosts.Docker.Images;

/// <summary>Which version of the C library (glibc) a native program asks for, and which the images have.</summary>
public static partial class CLibrary
{
    /// <summary>What Debian 13 has, from whose <c>debian:trixie-slim</c> every image with a published program takes its libraries.</summary>
    public static readonly Version OfImages = new(2, 41);

    /// <summary>
    /// The newest version that a program asks for. A linker binds it to the newest of this machine's, so a program that was
    /// linked on a newer system does not start on an older one.
    /// </summary>
    /// <param name="program">An ELF file: it names each version that it needs, as <c>GLIBC_2.34</c>, among its strings.</param>
    /// <returns>Null when it asks for none: it is linked statically or with another C library.</returns>
    internal static Version? AskedForBy(string program) =>
        // Each byte as the character of the same number: the names are ASCII, whatever is around them.
        Needed().Matches(System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(program)))
            .Select(m => new Version(Number(m, "major"), Number(m, "minor")))
            .Max();

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\0GLIBC_(?<major>\d{1,4})\.(?<minor>\d{1,4})(?=[.\0])", RegexOptions.CultureInvariant)]
    private static partial Regex Needed();
}
