namespace ServeBench.Models.Store;

/// <summary>One reference prompt of a model with its greedy continuation.</summary>
/// <param name="Prompt">The text.</param>
/// <param name="PromptTokens">Its token ids, with the one that begins every prompt where the model has one.</param>
/// <param name="Tokens">The ids that follow, computed in double precision without any inference runtime.</param>
/// <param name="Margins">
/// For each of these, how far the next best logit is below, in standard deviations of that step's logits: a small one is a near tie, which
/// single precision may decide otherwise.
/// </param>
public sealed record GenerationReference(
    string Prompt, IReadOnlyList<int> PromptTokens, IReadOnlyList<int> Tokens, IReadOnlyList<double> Margins);
