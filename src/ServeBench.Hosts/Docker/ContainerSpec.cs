using System.Globalization;
using ServeBench.Domain.Yaml;
using ServeBench.Hosts.Delivery;
using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Ownership;
using ServeBench.Processes.Cpu;

namespace ServeBench.Hosts.Docker;

/// <summary>One container as it is to run; the arguments of <c>docker run</c> follow from it alone.</summary>
internal sealed record ContainerSpec
{
    public required string Name { get; init; }
    public required string Image { get; init; }
    public required DockerHostSettings Settings { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Where the prepared model comes from, and what was made of it for the stack; see <see cref="ModelMount"/>.</summary>
    public required IReadOnlyList<string> Mounts { get; init; }

    /// <summary>The logical processors that it may use; empty for all.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The container of a deployment.</summary>
    /// <param name="request">What is deployed.</param>
    /// <param name="engine">Where. One with a kernel of its own is not confined to cores; one on another machine has all of its own.
    /// </param>
    /// <param name="image">The stack's image.</param>
    /// <param name="settings">The stack's section.</param>
    /// <param name="mounts">See <see cref="Mounts"/>.</param>
    public static ContainerSpec Of(
        DeploymentRequest request, DockerEngine engine, string image, DockerHostSettings settings, IReadOnlyList<string> mounts)
    {
        IReadOnlyList<int> elsewhere = engine.Elsewhere is { } machine ? [.. Enumerable.Range(0, machine.LogicalCores)] : [];
        var cpus = engine.IsNative ? request.Cpus : elsewhere;
        var values = new Dictionary<string, string>(Ports.Placeholders(settings.Ports))
        {
            [Placeholders.Cores] = (engine.Elsewhere is null ? request.Cpus : cpus).Count.ToString(CultureInfo.InvariantCulture),
            [Placeholders.Model] = request.Model.Model,
            [Placeholders.ModelFolder] = ModelMount.Folder,
            [Placeholders.ModelRepository] = request.Repository is null ? ModelMount.Folder : ModelMount.Repository,
            [Placeholders.ModelFile] = $"{ModelMount.Folder}/{request.Model.File(request.Stack.ModelFormat)}",
        };
        return new ContainerSpec
        {
            Name = $"servebench.{request.Id}",
            Image = image,
            Settings = settings,
            Labels = ContainerLabels.Of(request.Id),
            Mounts = mounts,
            Cpus = cpus,
            Environment = ServerEnvironment.Always.Overlaid(request.Stack.Lifecycle.Silence)
                .Overlaid(settings.Environment)
                .Overlaid(request.Track.Environment)
                .ToDictionary(e => e.Key, e => Placeholder.Fill(e.Value, values)),
            Arguments = [.. settings.Arguments.Concat(request.Track.Arguments).Select(a => Placeholder.Fill(a, values))],
        };
    }

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
        all.Add($"--user={ModelMount.User}");
        all.Add("--cap-drop=ALL");
        all.Add("--security-opt=no-new-privileges");
        if (Settings.ReadOnly) all.Add("--read-only");
        if (Settings.SharedMemoryBytes is { } shared) all.Add($"--shm-size={shared.ToString(CultureInfo.InvariantCulture)}");
        if (Settings.EntryPoint is { } program) all.Add($"--entrypoint={program}");
        all.AddRange(Settings.TemporaryFolders.Select(f => $"--tmpfs={f}"));
        if (Settings.Gpus is { } gpus) all.Add($"--gpus={gpus}");
        all.AddRange(Settings.Ports.Values.Order().Select(port => $"--publish=127.0.0.1::{port}"));
        all.AddRange(Mounts);
        all.Add("--log-driver=local");
        all.AddRange(Environment.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"--env={e.Key}={e.Value}"));
        all.Add(Image);
        all.AddRange(Arguments);
        return all;
    }
}
