namespace ServeBench.Models.Architectures;

/// <summary>How a model's text becomes tokens.</summary>
/// <param name="Kind">For example <c>wordpiece</c>.</param>
/// <param name="Lowercase">True when text is lower-cased and stripped of accents first.</param>
/// <param name="MaximumTokens">Longer inputs are cut to this many tokens, special tokens included.</param>
public sealed record TokenizerSettings(string Kind, bool Lowercase, int MaximumTokens);
