using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.K6.Running;

/// <summary>A k6 that can be run: a program on this machine, or an image.</summary>
/// <param name="Path">Path of the program; null for an image.</param>
/// <param name="Image">Name of the image; null for a program.</param>
/// <param name="Version">For example 2.2.0.</param>
/// <param name="Extensions">What was built into it besides k6, for example <c>k6/x/sse</c>.</param>
public sealed partial record K6Program(string? Path, string? Image, Version Version, IReadOnlyList<string> Extensions)
{
    /// <summary>The first version whose scripts, outputs and options are those that ServeBench writes and reads.</summary>
    public static readonly Version Oldest = new(1, 0, 0);

    /// <summary>The first version that is not known to be.</summary>
    public static readonly Version TooNew = new(3, 0, 0);

    private const string ImageOption = "--k6-image";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>For records and tables: <c>k6 2.2.0</c>.</summary>
    public string Name => Image is null ? $"k6 {Version}" : $"k6 {Version} ({Image})";

    /// <summary>Asks a program for its version.</summary>
    /// <exception cref="FaultException">when it is none, or one of a version that cannot be used.</exception>
    public static Task<K6Program> OfProgramAsync(ICommandRunner commands, string path, string option, CancellationToken ct) =>
        AskAsync(
            commands,
            new CommandSpec(path, "version") { Timeout = Limit, Environment = K6Environment.Quiet },
            option,
            path,
            (version, extensions) => new K6Program(path, null, version, extensions),
            ct);

    /// <summary>Asks the k6 in an image for its version; the image has to be on this machine.</summary>
    /// <exception cref="FaultException">when it has none, or one of a version that cannot be used.</exception>
    public static Task<K6Program> OfImageAsync(ICommandRunner commands, string image, CancellationToken ct) =>
        AskAsync(
            commands,
            new CommandSpec("docker", "run", "--rm", "--pull=never", "--network=none", image, "version") { Timeout = Limit },
            ImageOption,
            image,
            (version, extensions) => new K6Program(null, image, version, extensions), ct);

    /// <param name="text">What <c>k6 version</c> prints: <c>k6 v2.2.0 (go1.26, linux/amd64)</c>, then its extensions.</param>
    /// <param name="extensions">Gets the modules of its extensions.</param>
    /// <returns>The version, or null when the text names none.</returns>
    public static Version? Parse(string text, out IReadOnlyList<string> extensions)
    {
        extensions = [.. ModuleName().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal)];
        return VersionText().Match(text) is { Success: true } match ? new Version(match.Groups[1].Value) : null;
    }

    private static async Task<K6Program> AskAsync(
        ICommandRunner commands,
        CommandSpec command,
        string option,
        string shown,
        Func<Version, IReadOnlyList<string>, K6Program> make,
        CancellationToken ct)
    {
        CommandResult result;
        try
        {
            result = await commands.TryRunAsync(command, cancellationToken: ct);
        }
        catch (CommandFailedException e)
        {
            throw Fault(e.Message, "Name a k6 program with --k6=PATH, or an image on this machine with --k6-image=IMAGE");
        }
        if (result.ExitCode != 0 || Parse(result.Output, out var extensions) is not { } version)
            throw Fault($"'{command}' did not say a version of k6 (code {result.ExitCode}): {(result.Error + result.Output).Trim()}",
                option == ImageOption
                    ? $"Name an image of k6 that is on this machine; one that is not comes with: docker pull {shown}"
                    : "Name a k6 program");
        if (version < Oldest || version >= TooNew)
            throw Fault($"k6 {version} is not supported", $"Use a version from {Oldest} on, before {TooNew}");
        return make(version, extensions);

        FaultException Fault(string problem, string remedy) => new(new Fault(option, null, null, $"{shown}: {problem}", remedy));
    }

    /// <summary>The first word is the name of the program's file, whatever that is.</summary>
    [GeneratedRegex(@"^\S+ v?([0-9]+\.[0-9]+\.[0-9]+)\S* \((?:.*, )?go[0-9]")]
    private static partial Regex VersionText();

    [GeneratedRegex(@"k6/x/[A-Za-z0-9_./-]+")]
    private static partial Regex ModuleName();
}
