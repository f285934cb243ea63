using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
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
/// <param name="vocabularyFile">Where the vocabulary lies.</param>
/// <param name="observer">Hears of steps that take their time.</param>
internal sealed class TextPreparation(PreparationPlan plan, ITextEncoder encoder, string vocabularyFile, IRunObserver observer)
{
    private WordPieceTokenizer? _tokenizer;

    private WordPieceTokenizer Tokenizer => _tokenizer ?? throw new InvalidOperationException("the vocabulary is written first");

    private TokenizerSettings Settings { get; } = encoder.Tokenizer(plan.Card.Export);

    /// <param name="building">The folder that is being filled.</param>
    /// <param name="write">Writes a file of it.</param>
    public void WriteVocabulary(string building, Action<string, string, Action<Stream>> write)
    {
        var bytes = File.ReadAllBytes(vocabularyFile);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (plan.VocabularySha256 is { } expected && sha256 != expected)
        {
            throw new RunFailedException(
                $"The vocabulary {vocabularyFile} has SHA-256 {sha256}; the card of {plan.Card.Name} says {expected}",
                "Delete that file to have it taken from its source again, or correct the card");
        }
        write(building, ModelPreparation.VocabularyFile, output => output.Write(Vocabulary.Plain(bytes)));
        _tokenizer =
            new WordPieceTokenizer(Vocabulary.Load(Path.Combine(building, ModelPreparation.VocabularyFile)), Settings.MaximumTokens);
    }

    public ReferenceAnswer[] References(SafetensorsFile tensors)
    {
        using var step = observer.Begin($"Computing the reference answers of {plan.Card.Name} in double precision");
        var embeddings = encoder.Reference(plan.Card.Export, tensors, Sequences(ReferenceTexts.All));
        return [
            .. ReferenceTexts.All.Zip(
                embeddings, (text, embedding) => new ReferenceAnswer(text, Array.ConvertAll(embedding, v => (float)v)))];
    }

    /// <summary>The manifest with what servers of texts and comparisons of their answers need.</summary>
    public ModelManifest Complete(ModelManifest manifest, IReadOnlyList<ReferenceAnswer> references) => manifest with
    {
        Pooling = encoder.Pooling(plan.Card.Export),
        Dimensions = encoder.Dimensions(plan.Card.Export),
        Tokenizer = new ManifestTokenizer(Settings.Kind, ModelPreparation.VocabularyFile, Settings.MaximumTokens),
        References = references,
    };

    /// <summary>The manifest with what the precision and the weights are worth.</summary>
    public ModelManifest WithQuality(ModelManifest manifest, string building, SafetensorsFile tensors)
    {
        if (plan.Precision is not SinglePrecision) manifest = manifest with { Quality = Quality.Measure(building, manifest, Tokenizer) };
        return plan.Checkpoint.Weights == WeightsSource.Seeded
            ? manifest
            : manifest with { Similarity = Similarity(building, tensors, manifest) };
    }

    /// <summary>
    /// What the precision keeps of the model's quality, against cosines in double precision that are computed once for each
    /// checkpoint.
    /// </summary>
    private ManifestSimilarity Similarity(string building, SafetensorsFile tensors, ModelManifest manifest)
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
