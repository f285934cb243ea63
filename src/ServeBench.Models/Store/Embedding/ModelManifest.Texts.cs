using System.Text.Json.Serialization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Models.References;

namespace ServeBench.Models.Store;

/// <content>What only a model that turns texts into embeddings has; absent for others.</content>
public sealed partial record ModelManifest
{
    /// <summary>What the precision costs in quality; null for <c>fp32</c>.</summary>
    public ManifestQuality? Quality { get; init; }

    /// <summary>How well it orders pairs of sentences by likeness; null where the weights are not trained.</summary>
    public ManifestSimilarity? Similarity { get; init; }

    /// <summary>
    /// How token vectors become one embedding: <c>mean</c>, or <c>cls</c>, the first token's; for servers that build the network
    /// themselves.
    /// </summary>
    public string? Pooling { get; init; }

    /// <summary>Numbers in an embedding; null for a model that gives none.</summary>
    [JsonPropertyName("dimensions")]
    public int? EmbeddingDimensions { get; init; }

    /// <summary>As above, for those who serve embeddings.</summary>
    /// <exception cref="RunFailedException">when the model gives none.</exception>
    [JsonIgnore]
    public int Dimensions
    {
        get => EmbeddingDimensions ?? throw Lacks("gives no embeddings");
        init => EmbeddingDimensions = value;
    }

    /// <summary>What makes tokens of its inputs; null for a model whose inputs are no texts.</summary>
    [JsonPropertyName("tokenizer")]
    public ManifestTokenizer? TextTokenizer { get; init; }

    /// <summary>As above, for those who serve texts.</summary>
    /// <exception cref="RunFailedException">when the model has none.</exception>
    [JsonIgnore]
    public ManifestTokenizer Tokenizer
    {
        get => TextTokenizer ?? throw Lacks("has no tokenizer");
        init => TextTokenizer = value;
    }

    /// <summary>
    /// Texts and the embeddings that every stack must reproduce, computed in double precision without any runtime; none for a model that
    /// gives no embeddings.
    /// </summary>
    public IReadOnlyList<ReferenceAnswer> References { get; init; } = [];

    /// <summary>What a run keeps of <see cref="Similarity"/>.</summary>
    private QualityRecord? QualityRecord =>
        Similarity is { } s ? new QualityRecord(Precision, s.Pairs, s.WithReference, s.WithGrades, s.ReferenceWithGrades, s.Runtime) : null;

    private string? VocabularyFile => TextTokenizer?.VocabularyFile;
}

/// <summary>How near a model of lesser precision comes to the single-precision one, over the reference inputs, one at a time.</summary>
/// <param name="LeastCosine">The smallest cosine between an embedding and its reference.</param>
/// <param name="MaximumDifference">The largest absolute difference of any component.</param>
/// <param name="Runtime">What it was measured with.</param>
public sealed record ManifestQuality(double LeastCosine, double MaximumDifference, string Runtime);

/// <summary>Spearman's rank correlations of the cosines of <see cref="SimilarityPairs"/>.</summary>
/// <param name="Pairs">Pairs of sentences.</param>
/// <param name="WithReference">With the double-precision cosines of the same weights.</param>
/// <param name="WithGrades">With the grades that people gave.</param>
/// <param name="ReferenceWithGrades">Of the double-precision cosines with the grades.</param>
/// <param name="Runtime">What it was measured with.</param>
public sealed record ManifestSimilarity(int Pairs, double WithReference, double WithGrades, double ReferenceWithGrades, string Runtime);

/// <param name="Kind"><c>wordpiece</c>: BERT's uncased tokenizer.</param>
/// <param name="VocabularyFile">One token a line.</param>
/// <param name="MaximumTokens">Longer inputs are cut to this, special tokens included.</param>
public sealed record ManifestTokenizer(string Kind, string VocabularyFile, int MaximumTokens);
