using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.References;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Store;

/// <summary>
/// What a model that turns texts into embeddings needs beside its graph: a vocabulary, reference answers, and how much of its
/// quality is kept.
/// </summary>
/// <param name="plan">The plan; its architecture is the encoder.</param>
/// <param name="encoder">The architecture.</param>
internal sealed class TextPreparation(PreparationPlan plan, ITextEncoder encoder) : IWorkPreparation
{
    private const string VocabularyFile = TokenizerCheck.VocabularyFile;

    private string? _source;
    private WordPieceTokenizer? _tokenizer;
    private ReferenceAnswer[]? _references;

    private WordPieceTokenizer Tokenizer => _tokenizer ?? throw new InvalidOperationException("the vocabulary is written first");

    private TokenizerSettings Settings { get; } = encoder.Tokenizer(plan.Card.Export);

    /// <summary>What the card says that the vocabulary's hash is, or null.</summary>
    private string? VocabularySha256 => plan.Card.Source.Files.FirstOrDefault(f => f.Path == VocabularyFile)?.Sha256;

    public void Identify(ContentHash hash) => hash
        .Add("vocabulary", VocabularySha256 ?? "").Add("references", ReferenceTexts.Version).Add("similarity", SimilarityPairs.Version);

    public ModelManifest Read(string folder) => EmbeddingManifest.Read(folder);

    public async Task ObtainAsync(CompanionFiles files, CancellationToken cancellation) =>
        _source = await files.GetAsync(VocabularyFile, cancellation);

    public void WriteFiles(string building, Action<string, string, Action<Stream>> write)
    {
        var bytes = File.ReadAllBytes(_source!);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (VocabularySha256 is { } expected && sha256 != expected)
        {
            throw new RunFailedException(
                $"The vocabulary {_source} has SHA-256 {sha256}; the card of {plan.Card.Name} says {expected}",
                "Delete that file to have it taken from its source again, or correct the card");
        }
        write(building, VocabularyFile, output => output.Write(Vocabulary.Plain(bytes)));
        _tokenizer = new WordPieceTokenizer(Vocabulary.Load(Path.Combine(building, VocabularyFile)), Settings.MaximumTokens);
    }

    public void Compute(SafetensorsFile tensors, IRunObserver observer)
    {
        using var step = observer.Begin($"Computing the reference answers of {plan.Card.Name} in double precision");
        var embeddings = encoder.Reference(plan.Card.Export, tensors, Sequences(ReferenceTexts.All));
        _references =
        [
            .. ReferenceTexts.All.Zip(
                embeddings, (text, embedding) => new ReferenceAnswer(text, Array.ConvertAll(embedding, v => (float)v))),
        ];
    }

    /// <summary>Adds what servers of texts need, the reference answers, and what the precision and the weights are worth.</summary>
    public ModelManifest Complete(ModelManifest manifest, string building, SafetensorsFile tensors, IRunObserver observer)
    {
        var own = new EmbeddingManifest(
            manifest,
            encoder.Pooling(plan.Card.Export),
            encoder.Dimensions(plan.Card.Export),
            new ManifestTokenizer(Settings.Kind, VocabularyFile, Settings.MaximumTokens),
            _references!);
        if (plan.Precision is not SinglePrecision) own = own with { Quality = Quality.Measure(building, own, Tokenizer) };
        return plan.Checkpoint.Weights == WeightsSource.Seeded
            ? own
            : own with { Similarity = Similarity(building, tensors, own, observer) };
    }

    /// <summary>
    /// What the precision keeps of the model's quality, against cosines in double precision that are computed once for each
    /// checkpoint.
    /// </summary>
    private ManifestSimilarity Similarity(string building, SafetensorsFile tensors, EmbeddingManifest manifest, IRunObserver observer)
    {
        using var step = observer.Begin($"Comparing pairs of sentences, {plan.Card.Name} in {plan.Precision.Name}");
        var kept = plan.Checkpoint.Beside($"similarity-{SimilarityPairs.Version}-{plan.ExportKey}.doubles");
        if (!File.Exists(kept))
        {
            var cosines = SimilarityPairs.Cosines(encoder.Reference(plan.Card.Export, tensors, Sequences(SimilarityPairs.Sentences)));
            StoreFile.Write(kept, output => output.Write(MemoryMarshal.AsBytes<double>(cosines)));
        }
        var reference = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(kept)).ToArray();
        return Quality.Similarity(building, manifest, Tokenizer, reference);
    }

    private int[][] Sequences(IReadOnlyList<string> texts)
    {
        var buffer = new int[Settings.MaximumTokens];
        return [.. texts.Select(text => buffer[..Tokenizer.Encode(text, buffer)])];
    }
}
