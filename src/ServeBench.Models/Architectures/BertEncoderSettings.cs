using ServeBench.Domain.Yaml;

namespace ServeBench.Models.Architectures;

/// <summary>The <c>export:</c> section of a BERT encoder's model.yaml; the sizes are those of the checkpoint's config.json.</summary>
public sealed record BertEncoderSettings
{
    public required int Layers { get; init; }
    public required int Hidden { get; init; }
    public required int Heads { get; init; }
    public required int Intermediate { get; init; }
    public required int Vocabulary { get; init; }
    public required int Positions { get; init; }
    /// <summary>Kinds of sentences that the embeddings tell apart; 0 for DistilBERT, which has none.</summary>
    public required int Segments { get; init; }

    /// <summary>True for DistilBERT (Sanh et al. 2019): the same layers under other names, without segments.</summary>
    public bool IsDistilled => Segments == 0;

    public required double LayerNormEpsilon { get; init; }

    public const string MeanPooling = "mean";
    public const string FirstTokenPooling = "cls";

    /// <summary>
    /// How token vectors become one embedding: <c>mean</c> over the tokens that the mask counts, or <c>cls</c>, the first
    /// token's.
    /// </summary>
    public required string Pooling { get; init; }

    /// <summary>True when embeddings are scaled to length 1.</summary>
    public required bool Normalise { get; init; }

    /// <summary>True when the checkpoint carries the position ids 0, 1, 2, ... as a tensor.</summary>
    public required bool StoresPositionIds { get; init; }

    public required TokenizerSettings Tokenizer { get; init; }

    internal static BertEncoderSettings Read(YamlMapping section)
    {
        var tokenizer = section.Mapping("tokenizer");
        var settings = new BertEncoderSettings
        {
            Layers = section.Integer("layers", 1, 1000),
            Hidden = section.Integer("hidden", 1, 1 << 16),
            Heads = section.Integer("heads", 1, 1024),
            Intermediate = section.Integer("intermediate", 1, 1 << 18),
            Vocabulary = section.Integer("vocabulary", 5, 1 << 21),
            Positions = section.Integer("positions", 2, 1 << 20),
            Segments = section.Integer("segments", 0, 16),
            LayerNormEpsilon = section.Number("layer-norm-epsilon", 1e-15, 1e-2),
            Pooling = section.OneOf("pooling", [MeanPooling, FirstTokenPooling]),
            Normalise = section.Flag("normalise", true),
            StoresPositionIds = section.Flag("stores-position-ids", false),
            Tokenizer = new TokenizerSettings(
                tokenizer.OneOf("kind", ["wordpiece"]),
                tokenizer.Flag("lowercase", true),
                tokenizer.Integer("maximum-tokens", 2, 1 << 20)),
        };
        if (settings.Hidden % settings.Heads != 0)
            section.Fault("heads", $"{settings.Heads} heads do not divide a hidden size of {settings.Hidden}");
        if (settings.Tokenizer.MaximumTokens > settings.Positions)
            tokenizer.Fault(
                "maximum-tokens",
                $"{settings.Tokenizer.MaximumTokens} tokens are more than the {settings.Positions} positions that the model knows");
        // Its texts would be lower-cased all the same, and its embeddings be wrong.
        if (!settings.Tokenizer.Lowercase)
            tokenizer.Fault(
                "lowercase", "cased vocabularies are not supported: text is lower-cased and stripped of accents by every stack");
        tokenizer.Done();
        section.Done();
        return settings;
    }
}
