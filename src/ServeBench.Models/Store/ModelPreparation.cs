using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Models.Onnx;
using ServeBench.Models.References;
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
    public const string VocabularyFile = "vocab.txt";
    public const string ConfigurationFile = "config.json";

    private readonly List<ManifestFile> _files = [];

    /// <param name="folder">Where the model's folder is to appear.</param>
    /// <param name="text">What a model of texts needs beside; null for other models.</param>
    public async Task<ModelManifest> RunAsync(string folder, TextPreparation? text, CancellationToken cancellation)
    {
        CheckSpace();
        var building = Path.Combine(Path.GetDirectoryName(folder)!, $"{ModelFolders.Building}{Guid.NewGuid():N}");
        Directory.CreateDirectory(building);
        try
        {
            var manifest = await Task.Run(() => Fill(building, text, cancellation), cancellation);
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

    private ModelManifest Fill(string building, TextPreparation? text, CancellationToken cancellation)
    {
        text?.WriteVocabulary(building, WriteFile);
        _files.Add(plan.Checkpoint.Ensure(building, observer));
        ModelFolders.LinkOrCopy(plan.Checkpoint.Safetensors, Path.Combine(building, SafetensorsFileName));

        cancellation.ThrowIfCancellationRequested();
        using var tensors = SafetensorsFile.Open(Path.Combine(building, SafetensorsFileName));
        plan.Architecture.Alias(tensors.Directory);
        CheckpointCheck.Tensors(tensors.Directory, plan.Tensors);
        WriteConfiguration(building);
        var (graph, references) = ExportAndCompute(building, tensors, text);
        var manifest = Manifest(graph);
        if (text is not null) manifest = text.Complete(manifest, references);

        cancellation.ThrowIfCancellationRequested();
        manifest = text?.WithQuality(manifest, building, tensors) ?? manifest;
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

    /// <summary>Exports the graph while the references are computed: neither needs the other.</summary>
    private (GraphBuilder Graph, ReferenceAnswer[] References) ExportAndCompute(
        string building, SafetensorsFile tensors, TextPreparation? text)
    {
        var references = Task.Run(() => text?.References(tensors) ?? []);
        try
        {
            var graph = new GraphBuilder(new CheckpointWeights(tensors), plan.Precision);
            plan.Architecture.Build(plan.Card.Export, graph);
            using (observer.Begin($"Exporting {plan.Card.Name} to ONNX, {plan.Precision.Name}"))
                WriteGraph(building, graph);
            return (graph, references.GetAwaiter().GetResult());
        }
        finally
        {
            // Whatever happened here, the mapped file must stay until the computation no longer reads it.
            references
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
