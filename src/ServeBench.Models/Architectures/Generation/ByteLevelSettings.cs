using ServeBench.Domain.Yaml;

namespace ServeBench.Models.Architectures.Generation;

/// <summary>How a decoder's texts become tokens: GPT-2's byte-level BPE, under ids of the checkpoint's own.</summary>
/// <param name="Begin">The token before every prompt; null where there is none.</param>
/// <param name="End">The token that ends a text.</param>
/// <param name="FirstId">
/// The id of GPT-2's first token where the checkpoint's vocabulary is not here: the others follow in GPT-2's order.
/// </param>
public sealed record ByteLevelSettings(int? Begin, int End, int FirstId)
{
    public const string Kind = "byte-level-bpe";

    internal static ByteLevelSettings Read(YamlMapping section)
    {
        section.OneOf("kind", [Kind]);
        return new ByteLevelSettings(
            section.Has("begin") ? section.Integer("begin", 0, 1 << 21) : null,
            section.Integer("end", 0, 1 << 21),
            section.Integer("first-id", 0, 1 << 16, 0));
    }
}
