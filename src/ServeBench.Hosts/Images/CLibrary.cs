using System.Globalization;
using System.Text.RegularExpressions;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Images;

/// <summary>Which version of the C library (glibc) a native program asks for, and which the images have.</summary>
public static partial class CLibrary
{
    /// <summary>
    /// What Debian 13 has, from whose <c>debian:trixie-slim</c> every image with a published program takes its libraries.
    /// </summary>
    public static readonly Version OfImages = new(2, 41);

    /// <summary>What there is to do where a native program would ask for more than the images have.</summary>
    public const string Remedy = "Measure from a machine with an older system, or in a container of one, for the native program";

    /// <summary>This machine's, to whose newest symbols a native program is bound that is linked here.</summary>
    /// <returns>Null where it has another C library, or does not say.</returns>
    public static async Task<Version?> OfThisMachineAsync(ICommandRunner commands, CancellationToken cancellationToken)
    {
        // It prints, for example: glibc 2.41
        var command = new CommandSpec("getconf", "GNU_LIBC_VERSION") { Timeout = TimeSpan.FromSeconds(10) };
        CommandResult reported;
        try
        {
            reported = await commands.TryRunAsync(command, cancellationToken: cancellationToken);
        }
        catch (CommandFailedException)
        {
            // It is not on the PATH, or too slow: then this machine does not say.
            return null;
        }
        return reported.ExitCode == 0 && Version.TryParse(reported.Output.Trim().Split(' ')[^1], out var version) ? version : null;
    }

    /// <summary>The newest version that the program asks for which was published last for an image.</summary>
    /// <param name="folder"><see cref="ImageFolders.Published"/>.</param>
    /// <returns>Null where none has been published, or it asks for none.</returns>
    public static Version? AskedForIn(string folder)
    {
        if (!Directory.Exists(folder)) return null;
        // A folder is called as its project, a hyphen, and the key of its state; the program in it as the project.
        var newest = new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.Name.Contains('-', StringComparison.Ordinal))
            .Select(d => new FileInfo(Path.Combine(d.FullName, d.Name[..d.Name.LastIndexOf('-')])))
            .Where(f => f.Exists)
            .MaxBy(f => f.LastWriteTimeUtc);
        return newest is null ? null : AskedForBy(newest.FullName);
    }

    /// <summary>Whether a native program that is linked on this machine starts in the images.</summary>
    /// <param name="machine">This machine's version; null where it is not known.</param>
    /// <param name="asked">What the program asks for that was published last; null where there is none.</param>
    /// <returns>What there is, with both versions, and what to do about it: empty where nothing is amiss.</returns>
    public static (string Found, string Remedy) Compare(Version? machine, Version? asked)
    {
        var found =
            $"{(machine is null ? "this machine does not say its version" : $"this machine has {machine}")}, the images have {OfImages}"
                + (asked is null ? "" : $", the native program published last asks for {asked}");
        if (asked is not null && asked > OfImages)
            return ($"{found}: it would not start in them, so its image brings .NET's runtime along", Remedy);
        // It asks for the newest of what it uses, which need not be the newest that there is.
        return asked is null && machine > OfImages
            ? ($"{found}: a native program that is linked here may not start in them", Remedy)
            : (found, "");
    }

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

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\0GLIBC_(?<major>\d{1,4})\.(?<minor>\d{1,4})(?=[.\0])", RegexOptions.CultureInvariant)]
    private static partial Regex Needed();
}
