using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Hosts.Engines;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Images;

/// <summary>
/// Makes <c>debian:SUITE-slim</c> from Debian's own packages, where no registry can be reached: mmdebstrap with apt and what it
/// needs, without manuals and translations, as the image of that name on Docker's registry is. The same archive gives the same bytes.
/// </summary>
internal sealed partial class BaseImageMaker(DockerCli docker, ICommandRunner commands, ImageFolders folders)
{
    /// <summary>The engine's architecture, as it calls it; null when it is this machine's for certain.</summary>
    public string? Architecture { get; init; }

    public const string Origin = "made here from Debian's packages";

    /// <summary>No file of the image is younger than this (1 January 2025), whenever it is made.</summary>
    private const string SourceDateEpoch = "1735689600";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What is no release is signed for a week only, and a mirror that stands still is refused after that. Signatures are checked all the
    /// same, and what came of it is locked. It stays in the image, whose packages come from the same mirror.
    /// </summary>
    private const string StandingMirror = "--aptopt=Acquire::Check-Valid-Until \"false\"";

    private static readonly string[] LeftOut =
        ["/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/info/*", "/usr/share/lintian/*"];

    /// <summary>Whether it is an image that Debian's packages make.</summary>
    public static bool IsDebians(string name) => Name().IsMatch(name);

    /// <summary>Why an image cannot be made here, with the remedy; null when it can.</summary>
    public Obstacle? Obstacle(string name)
    {
        if (Name().Match(name) is not { Success: true } match)
            return new("it is not one of Debian's", "make a registry that has it reachable");
        if (AptSources.For(match.Groups[1].Value).Count == 0)
            return new(
                "this machine has no sources of Debian packages",
                "make it on a Debian machine with --target=BaseImage and load it here");
        if (Architecture is { } other && !IsOwn(other))
            return new(
                $"the Docker Engine's machine is another architecture ({other}) than this one", $"pull or make {name} on that machine");
        try
        {
            commands.Run(new CommandSpec("mmdebstrap", "--version"));
            return null;
        }
        catch (CommandFailedException)
        {
            return new("mmdebstrap is not installed", "run apt-get install mmdebstrap");
        }
    }

    /// <exception cref="RunFailedException">when it cannot be made.</exception>
    public async Task MakeAsync(string name, IRunObserver observer, CancellationToken cancellationToken)
    {
        if (Obstacle(name) is { } obstacle)
            throw new RunFailedException($"{name} cannot be made here, because {obstacle.Problem}", obstacle.Remedy);
        using var step = observer.Begin($"Making {name} from Debian's packages", TimeSpan.FromSeconds(30));
        var suite = Name().Match(name).Groups[1].Value;
        Directory.CreateDirectory(folders.Images);
        Directory.CreateDirectory(folders.Logs);
        var file = Path.Combine(folders.Images, $"{suite}.{Environment.ProcessId}.tar");
        try
        {
            await MakeAsync(suite, file, cancellationToken);
            var import = await docker.TryAsync(
                Limit,
                ["import", "--change=CMD [\"bash\"]", "--message=Debian's packages, by ServeBench", file, name],
                cancellationToken);
            if (import.ExitCode != 0) throw DockerFailure.Exception($"the base image {name} could not be imported", import.Error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task MakeAsync(string suite, string file, CancellationToken cancellationToken)
    {
        var command = new CommandSpec("mmdebstrap",
            [
                "--variant=apt",
                "--quiet",
                .. suite == AptSources.Unstable ? (string[])[StandingMirror] : [],
                .. LeftOut.Select(p => $"--dpkgopt=path-exclude={p}"),
                "--dpkgopt=path-include=/usr/share/doc/*/copyright",
                suite,
                file,
                .. AptSources.For(suite)])
        {
            Environment = new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = SourceDateEpoch },
            Timeout = Limit,
        };
        CommandResult result;
        try
        {
            result = await commands.TryRunAsync(command, cancellationToken: cancellationToken);
        }
        catch (CommandFailedException e)
        {
            throw new RunFailedException(e.Message, "Does this machine reach Debian's archive? apt-get update shows it", e);
        }
        if (result.ExitCode == 0) return;
        var log = Path.Combine(folders.Logs, $"base-image-{suite}.log");
        await File.WriteAllTextAsync(log, Redaction.Of($"{command}{Environment.NewLine}{result.Output}{result.Error}"), cancellationToken);
        throw new RunFailedException(
            $"mmdebstrap could not make Debian {suite} (whole log: {log}):{Environment.NewLine}{DockerFailure.Tail(result.Error)}",
            "Does this machine reach Debian's archive? apt-get update shows it; it needs root, too");
    }

    private static bool IsOwn(string architecture) =>
        RuntimeInformation.OSArchitecture == (architecture is "aarch64" or "arm64"
            ? System.Runtime.InteropServices.Architecture.Arm64
            : System.Runtime.InteropServices.Architecture.X64);

    [GeneratedRegex("^debian:([a-z]+)-slim$")]
    private static partial Regex Name();
}
