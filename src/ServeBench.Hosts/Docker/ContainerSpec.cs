using System.Globalization;
using ServeBench.Processes.Cpu;

namespace ServeBench.Hosts.Docker;

/// <summary>One container as it is to run; the arguments of <c>docker run</c> follow from it alone.</summary>
internal sealed record ContainerSpec
{
    public required string Name { get; init; }
    public required string Image { get; init; }
    public required DockerHostSettings Settings { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Where the prepared model comes from; see <see cref="Delivery.ModelMount"/>.</summary>
    public required string ModelMount { get; init; }

    /// <summary>The logical processors that it may use; empty for all.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

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
        all.Add($"--user={Delivery.ModelMount.User}");
        all.Add("--cap-drop=ALL");
        all.Add("--security-opt=no-new-privileges");
        if (Settings.ReadOnly) all.Add("--read-only");
        all.AddRange(Settings.TemporaryFolders.Select(f => $"--tmpfs={f}"));
        if (Settings.Gpus is { } gpus) all.Add($"--gpus={gpus}");
        all.AddRange(Settings.Ports.Values.Order().Select(port => $"--publish=127.0.0.1::{port}"));
        all.Add(ModelMount);
        all.Add("--log-driver=local");
        all.AddRange(Environment.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"--env={e.Key}={e.Value}"));
        all.Add(Image);
        all.AddRange(Arguments);
        return all;
    }
}
