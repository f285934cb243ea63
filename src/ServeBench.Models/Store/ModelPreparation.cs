using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Models.Onnx;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Store;

/// <summary>
/// Makes one model's folder, beside its final place, and moves it there when it is whole. The caller holds the model's lock.
/// </summary>
internal sealed class ModelPreparation(PreparationPlan plan, string root, IRunObserver observer)
{
    public const string OnnxFileName = "model.onnx";
    public const string ExternalFileName = "model.onnx.data";
    public const string SafetensorsFileName = Checkpoint.SafetensorsName;
    public const string ConfigurationFile = "config.json";

    private readonly List<ManifestFile> _files = [];

    /// <param name="folder">Where the model's folder is to appear.</param>
    public async Task<ModelManifest> RunAsync(string folder, CancellationToken cancellation)
    {
        CheckSpace();
        var building = Path.Combine(Path.GetDirectoryName(folder)!, $"{ModelFolders.Building}{Guid.NewGuid():N}");
        Directory.CreateDirectory(building);
        try
        {
            var manifest = await Task.Run(() => Fill(building, cancellation), cancellation);
            // Only a forced or damaged predecessor can have this name.
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.Move(building, folder);
            return manifest;
        }
        catch
        {
            Directory.Delete(building, recursive: true);
            throw;
        }
    }

    private ModelManifest Fill(string building, CancellationToken cancellation)
    {
        plan.Work?.WriteFiles(building, WriteFile);
        _files.Add(plan.Checkpoint.Ensure(building, observer));
        ModelFolders.LinkOrCopy(plan.Checkpoint.Safetensors, Path.Combine(building, SafetensorsFileName));

        cancellation.ThrowIfCancellationRequested();
        using var tensors = SafetensorsFile.Open(Path.Combine(building, SafetensorsFileName));
        plan.Architecture.Alias(tensors.Directory);
        CheckpointCheck.Tensors(tensors.Directory, plan.Tensors);
        WriteConfiguration(building);
        var manifest = Manifest(ExportAndCompute(building, tensors));

        cancellation.ThrowIfCancellationRequested();
        manifest = plan.Work?.Complete(manifest, building, tensors, observer) ?? manifest;
        manifest.Write(building);
        return manifest;
    }

    /// <summary>The network's sizes, for servers that build it themselves: the published file, or the same from the card.</summary>
    private void WriteConfiguration(string building)
    {
        var published = plan.Checkpoint.Published(ConfigurationFile);
        if (published is not null) CheckpointCheck.Config(published, plan.Architecture, plan.Card.Export);
        WriteFile(building, ConfigurationFile, output =>
        {
            if (published is not null) output.Write(File.ReadAllBytes(published));
            else StoreFile.WriteJson(output, plan.Architecture.Configuration(plan.Card.Export));
        });
    }

    /// <summary>Exports the graph while what the kind of work needs of the weights is computed: neither needs the other.</summary>
    private GraphBuilder ExportAndCompute(string building, SafetensorsFile tensors)
    {
        var computing = Task.Run(() => plan.Work?.Compute(tensors, observer));
        try
        {
            var graph = new GraphBuilder(new CheckpointWeights(tensors), plan.Precision);
            plan.Architecture.Build(plan.Card.Export, graph);
            using (observer.Begin($"Exporting {plan.Card.Name} to ONNX, {plan.Precision.Name}"))
                WriteGraph(building, graph);
            computing.GetAwaiter().GetResult();
            return graph;
        }
        finally
        {
            // Whatever happened here, the mapped file must stay until the computation no longer reads it.
            computing
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .GetAwaiter()
                .GetResult();
        }
    }

    private void WriteGraph(string building, GraphBuilder graph)
    {
        if (!OnnxFile.NeedsExternalData(graph))
        {
            WriteFile(building, OnnxFileName, output => OnnxFile.Write(graph, plan.Card.Name, output));
            return;
        }
        WriteFile(
            building,
            ExternalFileName,
            data => WriteFile(building, OnnxFileName, output => OnnxFile.Write(graph, plan.Card.Name, output, data, ExternalFileName)));
    }

    private ModelManifest Manifest(GraphBuilder graph) => new()
    {
        Model = plan.Card.Name,
        Title = plan.Card.Title,
        Architecture = plan.Card.Architecture,
        Precision = plan.Precision.Name,
        Weights = plan.Checkpoint.Weights,
        Source = new ManifestSource(plan.Card.Source.Repository, plan.Revision, plan.Card.Licence, plan.Checkpoint.Seed)
        {
            Package = plan.Checkpoint is PackageCheckpoint ? plan.Card.Package?.ToString() : null,
        },
        Files = _files,
        OnnxFile = OnnxFileName,
        SafetensorsFile = SafetensorsFileName,
        Inputs = [.. graph.Inputs.Select(ManifestTensor.Of)],
        Outputs = [.. graph.Outputs.Select(ManifestTensor.Of)],
        Parameters = graph.Parameters,
    };

    private void WriteFile(string folder, string name, Action<Stream> write) =>
        _files.Add(StoreFile.Write(Path.Combine(folder, name), write));

    private void CheckSpace()
    {
        Directory.CreateDirectory(root);
        var free = new DriveInfo(root).AvailableFreeSpace;
        if (free < plan.DiskBytes)
        {
            throw new RunFailedException(
                $"{plan.Card.Name} needs {PreparationPlan.Shown(plan.DiskBytes)} under {root}; only {PreparationPlan.Shown(free)} are free",
                "Free some space there, or keep models on another disk");
        }
    }
}
