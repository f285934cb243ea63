namespace ServeBench.Domain.Trials;

/// <param name="Checked">Answers of the window that were compared with what was expected of their payload.</param>
/// <param name="Wrong">How many of them were wrong.</param>
/// <param name="FirstWrong">What the first wrong one was, or null.</param>
public sealed record AnswerChecks(int Checked, int Wrong, string? FirstWrong);
