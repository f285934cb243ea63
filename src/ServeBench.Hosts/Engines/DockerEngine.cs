using System.Text.Json;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Engines;

/// <summary>What answers at the other end of the docker command line.</summary>
/// <param name="Version">Version of the engine.</param>
/// <param name="Architecture">Of its machine: <c>x86_64</c>, <c>aarch64</c>.</param>
/// <param name="StorageDriver">How it keeps images.</param>
/// <param name="CgroupVersion">1 or 2.</param>
/// <param name="IsNative">True when its containers run on this very kernel, so that their cores are this machine's and /proc and
/// the control groups show them.</param>
/// <param name="IsRootless">True when it runs without root, where containers have no address that this machine reaches.</param>
/// <param name="HasGpus">True when it can give containers NVIDIA GPUs.</param>
public sealed record DockerEngine(
    string Version, string Architecture, string StorageDriver, string CgroupVersion, bool IsNative, bool IsRootless, bool HasGpus)
{
    /// <summary>The machine it runs on, where that is not this one.</summary>
    public RemoteMachineRecord? Elsewhere { get; init; }

    /// <summary>What distinguishes it from every other engine; no name and no address.</summary>
    public string Id { get; init; } = "";

    /// <summary>The same, short enough for the name of a folder.</summary>
    internal string Key
    {
        get
        {
            using var hash = new ContentHash();
            return hash.Add("engine", Id).Finish()[..12];
        }
    }

    /// <summary>The way to its machine; null when that is this one.</summary>
    internal SshDestination? Destination { get; init; }

    /// <summary>For reports and fingerprints.</summary>
    public override string ToString() =>
        $"Docker Engine {Version}, {Architecture}, {StorageDriver}, "
            + $"cgroup v{CgroupVersion}{(IsRootless ? ", rootless" : "")}"
            + (Elsewhere is not null ? ", on another machine" : IsNative ? "" : ", on a kernel of its own");

    /// <summary>The .NET runtime identifier of programs for it.</summary>
    public string RuntimeIdentifier => Architecture is "aarch64" or "arm64" ? "linux-arm64" : "linux-x64";

    /// <summary>Looks for the engine.</summary>
    /// <returns>The engine, or why there is none to use.</returns>
    internal static async Task<(DockerEngine? Engine, Obstacle? Obstacle)> FindAsync(
        DockerCli docker, CancellationToken cancellationToken = default)
    {
        var endpoint =
            await docker.TryAsync(DockerCli.Quick, ["context", "inspect", "--format={{.Endpoints.docker.Host}}"], cancellationToken);
        if (endpoint.ExitCode == -1)
            return (
                null,
                new Obstacle(
                    "the docker command is not there", "Install it (Debian: apt-get install docker.io), or choose --host=process"));
        if (endpoint.ExitCode != 0)
            return (
                null,
                new Obstacle(
                    $"docker's context cannot be used: {endpoint.Error.Trim()}",
                    "Choose another with docker context use, or unset DOCKER_CONTEXT and DOCKER_HOST"));
        var address = endpoint.Output.Trim();
        var destination = SshDestination.Parse(address);
        if (destination is null && !IsLocal(address))
        {
            return (
                null,
                new Obstacle($"the Docker Engine at {address} is on another machine, and only ssh leads to a container's port there",
                    "Use the same engine through ssh: docker context create NAME --docker host=ssh://USER@MACHINE and docker context use "
                        + "NAME, or DOCKER_HOST=ssh://USER@MACHINE; or run ServeBench on that machine"));
        }
        if (destination is not null && await UnreachableAsync(docker.Commands, destination, cancellationToken) is { } obstacle)
            return (null, obstacle);
        var info = await docker.TryAsync(DockerCli.Quick, ["info", "--format={{json .}}"], cancellationToken);
        if (!info.Output.TrimStart().StartsWith('{')) return (null, Failed(info.Error));
        var answer = JsonDocument.Parse(info.Output).RootElement;
        if (answer.TryGetProperty("ServerErrors", out var errors)
            && errors is { ValueKind: JsonValueKind.Array }
            && errors.GetArrayLength() > 0)
            return (null, Failed(errors[0].GetString()!));
        return info.ExitCode == 0 ? (Read(answer, destination), null) : (null, Failed(info.Error));
    }

    internal static bool IsLocal(string endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)) return false;
        return uri.Scheme is "unix" or "npipe" or "fd" || (uri.Scheme is "tcp" or "http" or "https" && uri.IsLoopback);
    }

    /// <summary>
    /// Tries the way there without docker, so that what is wrong with it has its own words, and nobody is asked for a password
    /// later.
    /// </summary>
    private static async Task<Obstacle?> UnreachableAsync(
        ICommandRunner commands, SshDestination destination, CancellationToken cancellationToken)
    {
        CommandResult tried;
        try
        {
            tried = await commands.TryRunAsync(
                new CommandSpec(SshFailure.Program, destination.Arguments([], DockerCli.Program, "version")) { Timeout = DockerCli.Quick },
                null,
                cancellationToken);
        }
        catch (CommandFailedException e)
        {
            return e.InnerException is not null
                ? SshFailure.NoProgram
                : new Obstacle(
                    $"the Docker Engine's machine did not answer to ssh within {DockerCli.Quick.TotalSeconds:0} s",
                    "Is it on, and is the network? ssh to it by hand says more");
        }
        const int OfSshItself = 255;
        const int OfAShellThatFindsNoProgram = 127;
        return tried.ExitCode switch
        {
            0 => null,
            OfSshItself => SshFailure.Of(tried.Error)
                ?? new Obstacle($"ssh does not lead to the Docker Engine's machine: {tried.Error.Trim()}", "Try ssh to it by hand"),
            // Asked there, since a docker command of this machine waits half a minute before it says the same.
            not OfAShellThatFindsNoProgram => Failed(tried.Error),
            _ => new Obstacle(
                $"the docker command is not there on the Docker Engine's machine: {tried.Error.Trim()}",
                "Install it there, on the PATH of shells that ssh starts"),
        };
    }

    private static Obstacle Failed(string error) =>
        DockerFailure.Of(error) ?? new Obstacle($"the Docker Engine cannot be asked: {error.Trim()}", DockerFailure.NoEngine.Remedy);

    private static DockerEngine Read(JsonElement info, SshDestination? destination)
    {
        string Text(string key) =>
            info.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var options = info.TryGetProperty("SecurityOptions", out var security) && security.ValueKind == JsonValueKind.Array
            ? security.EnumerateArray().Select(o => o.GetString()!).ToArray()
            : [];
        var runtimes = info.TryGetProperty("Runtimes", out var all) && all.ValueKind == JsonValueKind.Object
            ? all.EnumerateObject().Select(r => r.Name).ToArray()
            : [];
        const string Kernel = "/proc/sys/kernel/osrelease";
        var isNative = destination is null && File.Exists(Kernel) && File.ReadAllText(Kernel).Trim() == Text("KernelVersion");
        return new DockerEngine(
            Text("ServerVersion"), Text("Architecture"), Text("Driver"), Text("CgroupVersion") is { Length: > 0 } version
                ? version
                : "1", isNative,
            options.Any(o => o.Contains("rootless", StringComparison.Ordinal)),
            runtimes.Contains("nvidia") || (destination is null && Directory.Exists("/proc/driver/nvidia/gpus")))
        {
            Id = Text("ID"),
            Destination = destination,
            Elsewhere = destination is null ? null : new RemoteMachineRecord
            {
                LogicalCores = info.GetProperty("NCPU").GetInt32(),
                MemoryBytes = info.GetProperty("MemTotal").GetInt64(),
                OperatingSystem = Text("OperatingSystem"),
                Kernel = Text("KernelVersion"),
                Architecture = Text("Architecture"),
                Between = "the network and an ssh tunnel",
            },
        };
    }
}
