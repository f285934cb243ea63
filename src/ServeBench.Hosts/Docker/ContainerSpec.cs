using System.Globalization;
using ServeBench.Processes.Cpu;

namespace ServeBench.Hosts.Docker;

/// <summary>One container as it is to run; the arguments of <c>docker run</c> follow from it alone.</summary>
internal sealed record ContainerSpec
{
    /// <summary>Where the model lies inside.</summary>
    public const string ModelFolder = "/model";

    /// <summary>Debian's nobody, and a number that means nobody in particular elsewhere.</summary>
    public const string User = "65534:65534";

    public required string Name { get; init; }
    public required string Image { get; init; }
    public required DockerHostSettings Settings { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Where the prepared model comes from; see <see cref="FolderMount"/> and <see cref="VolumeMount"/>.</summary>
    public required string ModelMount { get; init; }

    /// <summary>The logical processors that it may use; empty for all.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <param name="folder">Absolute path on the engine's machine.</param>
    public static string FolderMount(string folder) => $"--mount=type=bind,{Field($"source={folder}")},target={ModelFolder},readonly";

    /// <param name="volume">Name of a volume of the engine.</param>
    public static string VolumeMount(string volume) => $"--mount=type=volume,source={volume},target={ModelFolder},readonly";

    /// <summary>What docker reads of a mount is a line of CSV.</summary>
    private static string Field(string text) => text.AsSpan().ContainsAny(",\"") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    /// <summary>Arguments of the docker command.</summary>
    public IReadOnlyList<string> RunArguments()
    {
        var all = new List<string> { "run", "--detach", "--pull=never", $"--name={Name}" };
        all.AddRange(Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"--label={l.Key}={l.Value}"));
        if (Cpus.Count > 0)
        {
            all.Add($"--cpuset-cpus={CpuList.Format(Cpus)}");
            all.Add($"--cpus={Cpus.Count}");
        }
        if (Settings.MemoryBytes is { } memory)
        {
            var bytes = memory.ToString(CultureInfo.InvariantCulture);
            all.Add($"--memory={bytes}");
            // The same for both: nothing is swapped out.
            all.Add($"--memory-swap={bytes}");
        }
        all.Add($"--user={User}");
        all.Add("--cap-drop=ALL");
        all.Add("--security-opt=no-new-privileges");
        if (Settings.ReadOnly) all.Add("--read-only");
        all.AddRange(Settings.TemporaryFolders.Select(f => $"--tmpfs={f}"));
        if (Settings.Gpus is { } gpus) all.Add($"--gpus={gpus}");
        all.Add($"--publish=127.0.0.1::{Settings.Port}");
        all.Add(ModelMount);
        all.Add("--log-driver=local");
        all.AddRange(Environment.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"--env={e.Key}={e.Value}"));
        all.Add(Image);
        all.AddRange(Arguments);
        return all;
    }
}
