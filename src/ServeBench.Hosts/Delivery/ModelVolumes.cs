using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Ownership;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Delivery;

/// <summary>
/// Prepared models on an engine of another machine, where no folder of this one can be mounted: each a volume named by its
/// content, filled once, verified file by file at the first use of every start of this program.
/// </summary>
internal sealed class ModelVolumes(DockerCli docker)
{
    private const string Prefix = "servebench-model-";
    private const string ModelLabel = "servebench.model";
    private const string WeightsLabel = "servebench.weights";

    private static readonly TimeSpan CopyLimit = TimeSpan.FromHours(1);
    private static readonly TimeSpan HashLimit = TimeSpan.FromMinutes(10);

    /// <summary>Names by the model's folder.</summary>
    private readonly Dictionary<string, string> _verified = [];

    /// <summary>Has the model's files in a volume, and what was made of them for a stack in another.</summary>
    /// <param name="request">What is deployed.</param>
    /// <param name="image">The stack's image.</param>
    /// <param name="observer">Is given progress.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Arguments of the docker command that mount them.</returns>
    public async Task<IReadOnlyList<string>> MountsAsync(
        DeploymentRequest request, ImageRecord image, IRunObserver observer, CancellationToken cancellationToken)
    {
        // The stack's own image may hold nothing but the server; what it is built on has the usual commands.
        var common = image.Bases.Count > 0 ? image.Bases[0].Name : image.Name;
        var own = ModelMount.OfVolume(await EnsureAsync(request.Model, common, observer, cancellationToken));
        if (request.Repository is not { } repository) return [own];
        var made = request.Model with { Model = $"{request.Model.Model} for {request.Stack.Name}", Folder = repository };
        return [own, ModelMount.OfVolume(await EnsureAsync(made, common, observer, cancellationToken), ModelMount.Repository)];
    }

    /// <summary>Has the model's files in a volume.</summary>
    /// <param name="model">The model.</param>
    /// <param name="image">An image of the engine that has the command sha256sum.</param>
    /// <param name="observer">Is given progress.</param>
    /// <param name="cancellationToken">Ends it; a volume filled in part is filled again the next time.</param>
    /// <returns>The volume's name.</returns>
    /// <exception cref="RunFailedException">when it cannot be filled, or holds something else afterwards.</exception>
    public async Task<string> EnsureAsync(ModelArtifact model, string image, IRunObserver observer, CancellationToken cancellationToken)
    {
        if (_verified.TryGetValue(model.Folder, out var known)) return known;
        var files = await Task.Run(() => HashesOf(model.Folder), cancellationToken);
        var name = NameOf(files);
        if (await docker.InspectAsync("volume", name, cancellationToken) is not null)
        {
            if (await ProblemAsync(name, files, image, cancellationToken) is null) return _verified[model.Folder] = name;
            await docker.RunAsync(
                $"the volume {name} does not hold all of {model.Model}, and cannot be filled again",
                DockerCli.Quick,
                ["volume", "rm", name],
                cancellationToken);
        }
        await FillAsync(name, model, image, observer, cancellationToken);
        if (await ProblemAsync(name, files, image, cancellationToken) is { } problem)
        {
            await docker.TryAsync(DockerCli.Quick, ["volume", "rm", name], CancellationToken.None);
            throw new RunFailedException(
                $"{model.Model} did not arrive whole on the Docker Engine's machine: {problem}",
                "Try again; if it fails again, look at that machine's disk");
        }
        await RemoveOthersAsync(name, model, cancellationToken);
        return _verified[model.Folder] = name;
    }

    /// <summary>Files relative to the folder, each with the SHA-256 of its content.</summary>
    internal static IReadOnlyDictionary<string, string> HashesOf(string folder) => new SortedDictionary<string, string>(
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(folder, f).Replace('\\', '/'), ContentHash.OfFile), StringComparer.Ordinal);

    internal static string NameOf(IReadOnlyDictionary<string, string> files)
    {
        using var hash = new ContentHash();
        foreach (var (file, content) in files) hash.Add(file, content);
        return Prefix + hash.Finish()[..16];
    }

    private static string Variant(ModelArtifact model) => model.Precision == "fp32" ? model.Weights : $"{model.Weights}-{model.Precision}";

    private async Task FillAsync(string name, ModelArtifact model, string image, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var step = observer.Begin($"Bringing {model.Model} to the Docker Engine's machine");
        string[] labels = [
            $"--label={ModelLabel}={model.Model}",
            $"--label={WeightsLabel}={Variant(model)}",
            $"--label={ContainerLabels.Machine}={Owner.Machine}"];
        await docker.RunAsync(
            $"no volume could be made for {model.Model}", DockerCli.Quick, ["volume", "create", .. labels, name], cancellationToken);
        // A container that never runs: files are copied into what it would see.
        var container = $"servebench.fill.{Guid.NewGuid():N}";
        using var will = LastWill.Of(new CommandSpec(DockerCli.Program, "rm", "--force", container));
        try
        {
            string[] create = [
                "create",
                "--pull=never",
                $"--name={container}",
                .. ContainerLabels.Arguments(container),
                "--network=none",
                $"--mount=type=volume,source={name},target={ModelMount.Folder}",
                image];
            await docker.RunAsync(
                $"{model.Model} could not be brought to the Docker Engine's machine", CopyLimit, create, cancellationToken);
            await docker.RunAsync(
                $"{model.Model} could not be brought to the Docker Engine's machine",
                CopyLimit,
                ["cp", $"{model.Folder}/.", $"{container}:{ModelMount.Folder}"],
                cancellationToken);
        }
        finally
        {
            await docker.RemoveAsync(container);
        }
    }

    /// <returns>What a volume holds otherwise than it should, as the user that servers run as sees it; null when it holds all.</returns>
    /// <exception cref="RunFailedException">when that cannot be determined.</exception>
    private async Task<string?> ProblemAsync(
        string name, IReadOnlyDictionary<string, string> files, string image, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "run",
            "--rm",
            "--pull=never",
            .. ContainerLabels.Arguments($"verify.{name}"),
            "--network=none",
            "--read-only",
            "--cap-drop=ALL",
            "--security-opt=no-new-privileges",
            $"--user={ModelMount.User}",
            "--entrypoint=sha256sum",
            ModelMount.OfVolume(name),
            image,
            .. files.Keys.Select(f => $"{ModelMount.Folder}/{f}"),
        ];
        var result = await docker.TryAsync(HashLimit, arguments, cancellationToken);
        // 125 to 127: no container, or no such program in the image. sha256sum itself ends with 1 when a file is not there.
        if (result.ExitCode is not (0 or 1) || DockerFailure.Of(result.Error) is not null)
            throw DockerFailure.Exception(
                $"the files in {name} cannot be verified",
                result.Error,
                $"Does {image} have the command sha256sum? Base a stack's image on one that has");
        var found = result.Output
            .Split('\n')
            .Select(l => l.Split("  ", 2))
            .Where(p => p.Length == 2)
            .ToDictionary(p => p[1][(ModelMount.Folder.Length + 1)..], p => p[0]);
        return files.Keys.FirstOrDefault(f => found.GetValueOrDefault(f) != files[f]) is { } wrong
            ? $"{wrong} is {(found.ContainsKey(wrong) ? "another file" : "missing, or cannot be read")}"
            : null;
    }

    /// <summary>Removes what this machine brought there of the same model before; a volume that a container uses stays.</summary>
    private async Task RemoveOthersAsync(string name, ModelArtifact model, CancellationToken cancellationToken)
    {
        string[] filters = [
            $"--filter=label={ModelLabel}={model.Model}",
            $"--filter=label={WeightsLabel}={Variant(model)}",
            $"--filter=label={ContainerLabels.Machine}={Owner.Machine}"];
        var listed = await docker.TryAsync(DockerCli.Quick, ["volume", "ls", "--quiet", .. filters], cancellationToken);
        foreach (var other in listed.Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(v => v.StartsWith(Prefix, StringComparison.Ordinal) && v != name))
            await docker.TryAsync(DockerCli.Quick, ["volume", "rm", other], cancellationToken);
    }
}
