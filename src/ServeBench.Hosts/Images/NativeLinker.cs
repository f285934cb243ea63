using System.Runtime.InteropServices;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Images;

/// <summary>With what this machine can link one native program.</summary>
public static class NativeLinker
{
    /// <summary>What to install where there is none.</summary>
    public const string Remedy = "Install a C compiler with the C library's development files (Debian: "
        + "apt-get install gcc libc6-dev), else the image of onnxruntime-dotnet comes with .NET's runtime: larger, and slower to start";

    /// <summary>What every program begins with; a compiler without the C library's development files does not find it.</summary>
    private const string StartFile = "Scrt1.o";

    private static readonly string[] Compilers = ["clang", "gcc"];

    /// <summary>Looks for a compiler that finds what it links with.</summary>
    /// <param name="runtime">What is published for: another system or processor is linked with nothing of this machine.</param>
    /// <returns><c>clang</c> or <c>gcc</c>; null when there is neither.</returns>
    public static async Task<string?> FindAsync(ICommandRunner commands, string runtime, CancellationToken cancellationToken) =>
        await FindAsync(commands, runtime, name => IsOnPath(name, Environment.GetEnvironmentVariable("PATH")), cancellationToken);

    /// <summary>It is asked, and later linked with, by its name.</summary>
    internal static bool IsOnPath(string name, string? path) =>
        OperatingSystem.IsLinux() && (path ?? "").Split(':').Any(f => Path.IsPathRooted(f) && File.Exists(Path.Combine(f, name)));

    internal static async Task<string?> FindAsync(
        ICommandRunner commands, string runtime, Func<string, bool> there, CancellationToken cancellationToken)
    {
        if (!runtime.EndsWith($"-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", StringComparison.Ordinal)) return null;
        foreach (var name in Compilers.Where(there))
        {
            // It prints the file's whole path, or only its name when it does not find it.
            var found = await commands.TryRunAsync(
                new CommandSpec(name, $"-print-file-name={StartFile}") { Timeout = TimeSpan.FromSeconds(30) },
                cancellationToken: cancellationToken);
            if (found.ExitCode == 0 && Path.IsPathRooted(found.Output.Trim())) return name;
        }
        return null;
    }
}
