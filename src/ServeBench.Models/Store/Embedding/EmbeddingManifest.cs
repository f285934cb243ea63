using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Models.References;

namespace ServeBench.Models.Store;

/// <summary>model.json of a model that turns texts into embeddings.</summary>
public sealed record EmbeddingManifest : ModelManifest
{
    [JsonConstructor]
    public EmbeddingManifest()
    {
    }

    /// <summary>What is known of every model, and what is known of this kind.</summary>
    [SetsRequiredMembers]
    internal EmbeddingManifest(
        ModelManifest general, string pooling, int dimensions, ManifestTokenizer tokenizer, IReadOnlyList<ReferenceAnswer> references)
        : base(general) =>
        (Pooling, Dimensions, Tokenizer, References) = (pooling, dimensions, tokenizer, references);

    /// <summary>
    /// How token vectors become one embedding: <c>mean</c>, or <c>cls</c>, the first token's; for servers that build the network
    /// themselves.
    /// </summary>
    [JsonPropertyOrder(1)]
    public required string Pooling { get; init; }

    /// <summary>Numbers in an embedding.</summary>
    [JsonPropertyOrder(1)]
    public required int Dimensions { get; init; }

    /// <summary>What makes tokens of its inputs.</summary>
    [JsonPropertyOrder(1)]
    public required ManifestTokenizer Tokenizer { get; init; }

    /// <summary>What the precision costs in quality; null for <c>fp32</c>.</summary>
    [JsonPropertyOrder(1)]
    public ManifestQuality? Quality { get; init; }

    /// <summary>How well it orders pairs of sentences by likeness; null where the weights are not trained.</summary>
    [JsonPropertyOrder(1)]
    public ManifestSimilarity? Similarity { get; init; }

    /// <summary>
    /// Texts and the embeddings that every stack must reproduce, computed in double precision without any runtime.
    /// </summary>
    [JsonPropertyOrder(2)]
    public required IReadOnlyList<ReferenceAnswer> References { get; init; }

    /// <inheritdoc cref="ModelManifest.Read(string)"/>
    /// <exception cref="RunFailedException">also when it is the manifest of a model that gives no embeddings.</exception>
    public static new EmbeddingManifest Read(string folder)
    {
        try
        {
            return Read(folder, EmbeddingJson.Readable.EmbeddingManifest);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Says what is wrong with a file that is no manifest at all.
            var general = ModelManifest.Read(folder);
            throw new RunFailedException(
                $"The model {general.Model} in {folder} gives no embeddings of texts: {e.Message}",
                "Give a model of the group that is served",
                e);
        }
    }

    public override ModelArtifact ToArtifact(string folder, string reason) => base.ToArtifact(folder, reason) with
    {
        Quality = Similarity is { } s
            ? new QualityRecord(Precision, s.Pairs, s.WithReference, s.WithGrades, s.ReferenceWithGrades, s.Runtime)
            : null,
        QualityBrief = Similarity is { } kept ? string.Create(CultureInfo.InvariantCulture, $"{kept.WithReference:0.00000} kept")
            : Quality is { } quality ? string.Create(CultureInfo.InvariantCulture, $"cosine {quality.LeastCosine:0.000000}")
            : null,
    };

    private protected override string ToJson() => JsonSerializer.Serialize(this, EmbeddingJson.Readable.EmbeddingManifest);
}
