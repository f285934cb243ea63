using System.Text.Json;

namespace ServeBench.Hosts.Docker;

/// <summary>What answers at the other end of the docker command line.</summary>
/// <param name="Version">Version of the engine.</param>
/// <param name="Architecture">Of its machine: <c>x86_64</c>, <c>aarch64</c>.</param>
/// <param name="StorageDriver">How it keeps images.</param>
/// <param name="CgroupVersion">1 or 2.</param>
/// <param name="IsNative">True when its containers run on this very kernel, so that their cores are this machine's and /proc and the control groups show them.</param>
/// <param name="IsRootless">True when it runs without root, where containers have no address that this machine reaches.</param>
/// <param name="HasGpus">True when it can give containers NVIDIA GPUs.</param>
public sealed record DockerEngine(string Version, string Architecture, string StorageDriver, string CgroupVersion, bool IsNative, bool IsRootless, bool HasGpus)
{
    /// <summary>For reports and fingerprints.</summary>
    public override string ToString() =>
        $"Docker Engine {Version}, {Architecture}, {StorageDriver}, cgroup v{CgroupVersion}{(IsRootless ? ", rootless" : "")}{(IsNative ? "" : ", on a kernel of its own")}";

    /// <summary>The .NET runtime identifier of programs for it.</summary>
    public string RuntimeIdentifier => Architecture is "aarch64" or "arm64" ? "linux-arm64" : "linux-x64";

    /// <summary>Looks for the engine.</summary>
    /// <returns>The engine, or why there is none to use.</returns>
    internal static async Task<(DockerEngine? Engine, Obstacle? Obstacle)> FindAsync(DockerCli docker, CancellationToken cancellationToken = default)
    {
        var endpoint = await docker.TryAsync(DockerCli.Quick, ["context", "inspect", "--format={{.Endpoints.docker.Host}}"], cancellationToken);
        if (endpoint.ExitCode == -1) return (null, new Obstacle("the docker command is not there", "Install it (Debian: apt-get install docker.io), or choose --host=process"));
        if (endpoint.ExitCode != 0) return (null, new Obstacle($"docker's context cannot be used: {endpoint.Error.Trim()}", "Choose another with docker context use, or unset DOCKER_CONTEXT and DOCKER_HOST"));
        if (!IsLocal(endpoint.Output.Trim()))
        {
            return (null, new Obstacle($"the Docker Engine at {endpoint.Output.Trim()} is on another machine, where this one cannot measure CPU time and memory or keep cores apart",
                "Run ServeBench on that machine, or choose the local engine with docker context use default"));
        }
        var info = await docker.TryAsync(DockerCli.Quick, ["info", "--format={{json .}}"], cancellationToken);
        if (!info.Output.TrimStart().StartsWith('{')) return (null, Failed(info.Error));
        var answer = JsonDocument.Parse(info.Output).RootElement;
        if (answer.TryGetProperty("ServerErrors", out var errors) && errors is { ValueKind: JsonValueKind.Array } && errors.GetArrayLength() > 0) return (null, Failed(errors[0].GetString()!));
        return info.ExitCode == 0 ? (Read(answer), null) : (null, Failed(info.Error));
    }

    internal static bool IsLocal(string endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)) return false;
        return uri.Scheme is "unix" or "npipe" or "fd" || (uri.Scheme is "tcp" or "http" or "https" && uri.IsLoopback);
    }

    private static Obstacle Failed(string error) => DockerFailure.Of(error) ?? new Obstacle($"the Docker Engine cannot be asked: {error.Trim()}", DockerFailure.NoEngine.Remedy);

    private static DockerEngine Read(JsonElement info)
    {
        string Text(string key) => info.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var options = info.TryGetProperty("SecurityOptions", out var security) && security.ValueKind == JsonValueKind.Array ? security.EnumerateArray().Select(o => o.GetString()!).ToArray() : [];
        var runtimes = info.TryGetProperty("Runtimes", out var all) && all.ValueKind == JsonValueKind.Object ? all.EnumerateObject().Select(r => r.Name).ToArray() : [];
        const string Kernel = "/proc/sys/kernel/osrelease";
        var isNative = File.Exists(Kernel) && File.ReadAllText(Kernel).Trim() == Text("KernelVersion");
        return new DockerEngine(
            Text("ServerVersion"), Text("Architecture"), Text("Driver"), Text("CgroupVersion") is { Length: > 0 } version ? version : "1", isNative,
            options.Any(o => o.Contains("rootless", StringComparison.Ordinal)), runtimes.Contains("nvidia") || Directory.Exists("/proc/driver/nvidia/gpus"));
    }
}
