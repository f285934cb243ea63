using ServeBench.Domain.Yaml;

namespace ServeBench.Models.Architectures.Generation;

/// <summary>The <c>export:</c> section of a decoder's model.yaml; the sizes are those of the checkpoint's config.json.</summary>
public sealed record GeneratorSettings
{
    public required int Layers { get; init; }
    public required int Hidden { get; init; }
    public required int Heads { get; init; }
    public required int Intermediate { get; init; }

    /// <summary>Rows of the table of tokens; the tokenizer may have fewer tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The longest sequence, in tokens, that the network has positions for.</summary>
    public required int Positions { get; init; }

    public required double LayerNormEpsilon { get; init; }

    public required ByteLevelSettings Tokenizer { get; init; }

    /// <summary>Numbers in one head's query, key or value.</summary>
    public int HeadSize => Hidden / Heads;

    internal static GeneratorSettings Read(YamlMapping section)
    {
        var tokenizer = section.Mapping("tokenizer");
        var settings = new GeneratorSettings
        {
            Layers = section.Integer("layers", 1, 1000),
            Hidden = section.Integer("hidden", 8, 1 << 16),
            Heads = section.Integer("heads", 1, 1024),
            Intermediate = section.Integer("intermediate", 1, 1 << 18),
            Vocabulary = section.Integer("vocabulary", 5, 1 << 21),
            Positions = section.Integer("positions", 2, 1 << 20),
            LayerNormEpsilon = section.Number("layer-norm-epsilon", 1e-15, 1e-2),
            Tokenizer = ByteLevelSettings.Read(tokenizer),
        };
        if (settings.Hidden % settings.Heads != 0)
            section.Fault("heads", $"{settings.Heads} heads do not divide a hidden size of {settings.Hidden}");
        else if (settings.HeadSize % 8 != 0)
            section.Fault("heads", $"a head has {settings.HeadSize} numbers, and the runtime's attention needs a multiple of 8");
        if (settings.Tokenizer.End >= settings.Vocabulary || settings.Tokenizer.Begin >= settings.Vocabulary)
            tokenizer.Fault("end", $"a token's id is not among the {settings.Vocabulary} that the model knows");
        tokenizer.Done();
        section.Done();
        return settings;
    }
}
