using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Models.Architectures.Generation;

namespace ServeBench.Models.Store;

/// <summary>model.json of a model that continues texts; inputs and outputs of its graph are those of docs/decisions/0142.</summary>
public sealed record GenerationManifest : ModelManifest
{
    [JsonConstructor]
    public GenerationManifest()
    {
    }

    /// <summary>What is known of every model, to which the rest is added.</summary>
    [SetsRequiredMembers]
    internal GenerationManifest(ModelManifest general, ManifestByteLevel tokenizer, IReadOnlyList<GenerationReference> references)
        : base(general) => (Tokenizer, References) = (tokenizer, references);

    [JsonPropertyOrder(1)]
    public required int Layers { get; init; }

    [JsonPropertyOrder(1)]
    public required int Heads { get; init; }

    /// <summary>Numbers in one head's key or value.</summary>
    [JsonPropertyOrder(1)]
    public required int HeadSize { get; init; }

    /// <summary>Logits of one token.</summary>
    [JsonPropertyOrder(1)]
    public required int Vocabulary { get; init; }

    /// <summary>The longest sequence, in tokens.</summary>
    [JsonPropertyOrder(1)]
    public required int Positions { get; init; }

    /// <summary>What makes tokens of its prompts.</summary>
    [JsonPropertyOrder(1)]
    public required ManifestByteLevel Tokenizer { get; init; }

    /// <summary>The same weights for engines of llama.cpp's family; null where these do not know the architecture.</summary>
    [JsonPropertyOrder(1)]
    public string? GgufFile { get; init; }

    /// <summary>Prompts and the continuations that every stack must reproduce.</summary>
    [JsonPropertyOrder(2)]
    public required IReadOnlyList<GenerationReference> References { get; init; }

    public override ModelArtifact ToArtifact(string folder, string reason) => base.ToArtifact(folder, reason) with { GgufFile = GgufFile };

    /// <summary>Whether a manifest is that of a model that continues texts.</summary>
    public static bool IsOf(ModelManifest manifest) => manifest.Inputs.Any(i => i.Name == DecoderGraph.LogitsAt);

    /// <inheritdoc cref="ModelManifest.Read(string)"/>
    /// <exception cref="RunFailedException">also when it is the manifest of a model that continues no texts.</exception>
    public static new GenerationManifest Read(string folder)
    {
        try
        {
            return Read(folder, GenerationJson.Readable.GenerationManifest);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Says what is wrong with a file that is no manifest at all.
            var general = ModelManifest.Read(folder);
            throw new RunFailedException(
                $"The model {general.Model} in {folder} continues no texts: {e.Message}", "Give a model of the group that is served", e);
        }
    }

    private protected override string ToJson() => JsonSerializer.Serialize(this, GenerationJson.Readable.GenerationManifest);
}
