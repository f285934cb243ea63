using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.References;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Store;

/// <summary>Makes one model's folder, beside its final place, and moves it there when it is whole. The caller holds the model's lock.</summary>
internal sealed class ModelPreparation(PreparationPlan plan, string root, IRunObserver observer)
{
    public const string OnnxFileName = "model.onnx";
    public const string ExternalFileName = "model.onnx.data";
    public const string SafetensorsFileName = Checkpoint.SafetensorsName;
    public const string VocabularyFile = "vocab.txt";
    public const string ConfigurationFile = "config.json";

    private readonly List<ManifestFile> _files = [];

    /// <param name="folder">Where the model's folder is to appear.</param>
    /// <param name="vocabulary">The file of the tokenizer's vocabulary.</param>
    public async Task<ModelManifest> RunAsync(string folder, string vocabulary, CancellationToken cancellation)
    {
        CheckSpace();
        var building = Path.Combine(Path.GetDirectoryName(folder)!, $"{ModelFolders.Building}{Guid.NewGuid():N}");
        Directory.CreateDirectory(building);
        try
        {
            var manifest = await Task.Run(() => Fill(building, vocabulary, cancellation), cancellation);
            // Only a forced or damaged predecessor can be in the way.
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

    private ModelManifest Fill(string building, string vocabularyFile, CancellationToken cancellation)
    {
        var vocabulary = WriteVocabulary(building, vocabularyFile);
        _files.Add(plan.Checkpoint.Ensure(building, observer));
        ModelFolders.LinkOrCopy(plan.Checkpoint.Safetensors, Path.Combine(building, SafetensorsFileName));

        cancellation.ThrowIfCancellationRequested();
        using var tensors = SafetensorsFile.Open(Path.Combine(building, SafetensorsFileName));
        plan.Encoder.Alias(tensors.Directory);
        CheckpointCheck.Tensors(tensors.Directory, plan.Tensors);
        WriteConfiguration(building);
        var tokenizer = new WordPieceTokenizer(vocabulary, plan.Tokenizer.MaximumTokens);
        var (graph, references) = ExportAndCompute(building, tensors, tokenizer);
        var manifest = Manifest(graph, references);

        cancellation.ThrowIfCancellationRequested();
        if (plan.Precision is not SinglePrecision) manifest = manifest with { Quality = Quality.Measure(building, manifest, tokenizer) };
        if (plan.Checkpoint.Weights != WeightsSource.Seeded) manifest = manifest with { Similarity = Similarity(building, tensors, tokenizer, manifest) };
        manifest.Write(building);
        return manifest;
    }

    private Vocabulary WriteVocabulary(string building, string from)
    {
        var bytes = File.ReadAllBytes(from);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (plan.VocabularySha256 is { } expected && sha256 != expected)
        {
            throw new RunFailedException(
                $"The vocabulary {from} has SHA-256 {sha256}; the card of {plan.Card.Name} says {expected}", "Delete that file to have it taken from its source again, or correct the card");
        }
        WriteFile(building, VocabularyFile, output => output.Write(Vocabulary.Plain(bytes)));
        return Vocabulary.Load(Path.Combine(building, VocabularyFile));
    }

    /// <summary>The network's sizes, for servers that build it themselves: the published file, or the same from the card.</summary>
    private void WriteConfiguration(string building)
    {
        var published = plan.Checkpoint.Published(ConfigurationFile);
        if (published is not null) CheckpointCheck.Config(published, plan.Encoder, plan.Card.Export);
        WriteFile(building, ConfigurationFile, output =>
        {
            if (published is not null) output.Write(File.ReadAllBytes(published));
            else StoreFile.WriteJson(output, plan.Encoder.Configuration(plan.Card.Export));
        });
    }

    /// <summary>Exports the graph while the references are computed: neither needs the other.</summary>
    private (GraphBuilder Graph, ReferenceAnswer[] References) ExportAndCompute(string building, SafetensorsFile tensors, WordPieceTokenizer tokenizer)
    {
        var references = Task.Run(() => References(tensors, tokenizer));
        try
        {
            var graph = new GraphBuilder(new CheckpointWeights(tensors), plan.Precision);
            plan.Encoder.Build(plan.Card.Export, graph);
            using (observer.Begin($"Exporting {plan.Card.Name} to ONNX, {plan.Precision.Name}"))
                WriteGraph(building, graph);
            return (graph, references.GetAwaiter().GetResult());
        }
        finally
        {
            // Whatever happened here, the mapped file must stay until the computation no longer reads it.
            references.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).GetAwaiter().GetResult();
        }
    }

    private void WriteGraph(string building, GraphBuilder graph)
    {
        if (!OnnxFile.NeedsExternalData(graph))
        {
            WriteFile(building, OnnxFileName, output => OnnxFile.Write(graph, plan.Card.Name, output));
            return;
        }
        WriteFile(building, ExternalFileName, data => WriteFile(building, OnnxFileName, output => OnnxFile.Write(graph, plan.Card.Name, output, data, ExternalFileName)));
    }

    private ReferenceAnswer[] References(SafetensorsFile tensors, WordPieceTokenizer tokenizer)
    {
        using var step = observer.Begin($"Computing the reference answers of {plan.Card.Name} in double precision");
        var buffer = new int[plan.Tokenizer.MaximumTokens];
        var sequences = ReferenceTexts.All.Select(text => buffer[..tokenizer.Encode(text, buffer)]).ToArray();
        var embeddings = plan.Encoder.Reference(plan.Card.Export, tensors, sequences);
        return [.. ReferenceTexts.All.Zip(embeddings, (text, embedding) => new ReferenceAnswer(text, Array.ConvertAll(embedding, v => (float)v)))];
    }

    /// <summary>What the precision keeps of the model's quality, against cosines in double precision that are computed once for each checkpoint.</summary>
    private ManifestSimilarity Similarity(string building, SafetensorsFile tensors, WordPieceTokenizer tokenizer, ModelManifest manifest)
    {
        using var step = observer.Begin($"Comparing pairs of sentences, {plan.Card.Name} in {plan.Precision.Name}");
        var kept = plan.Checkpoint.Beside($"similarity-{SimilarityPairs.Version}-{plan.ExportKey}.doubles");
        if (!File.Exists(kept))
        {
            var buffer = new int[plan.Tokenizer.MaximumTokens];
            var sequences = SimilarityPairs.Sentences.Select(text => buffer[..tokenizer.Encode(text, buffer)]).ToArray();
            var cosines = SimilarityPairs.Cosines(plan.Encoder.Reference(plan.Card.Export, tensors, sequences));
            StoreFile.Write(kept, output => output.Write(MemoryMarshal.AsBytes<double>(cosines)));
        }
        var reference = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(kept)).ToArray();
        return Quality.Similarity(building, manifest, tokenizer, reference);
    }

    private ModelManifest Manifest(GraphBuilder graph, ReferenceAnswer[] references) => new()
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
        Pooling = plan.Encoder.Pooling(plan.Card.Export),
        Files = _files,
        OnnxFile = OnnxFileName,
        SafetensorsFile = SafetensorsFileName,
        Inputs = [.. graph.Inputs.Select(ManifestTensor.Of)],
        Outputs = [.. graph.Outputs.Select(ManifestTensor.Of)],
        Dimensions = plan.Encoder.Dimensions(plan.Card.Export),
        Parameters = graph.Parameters,
        Tokenizer = new ManifestTokenizer(plan.Tokenizer.Kind, VocabularyFile, plan.Tokenizer.MaximumTokens),
        References = references,
    };

    private void WriteFile(string folder, string name, Action<Stream> write) => _files.Add(StoreFile.Write(Path.Combine(folder, name), write));

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
