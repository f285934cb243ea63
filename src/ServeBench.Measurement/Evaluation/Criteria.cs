using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Evaluation;

/// <summary>By what a run is judged: the program's own questions and rules, unless others are given.</summary>
public sealed record Criteria
{
    public static Criteria OfProgram { get; } = new();

    /// <summary>What is asked of its cases.</summary>
    public KnownQuestions Questions { get; init; } = KnownQuestions.OfProgram;

    /// <summary>By what a trial is marked or thrown out.</summary>
    public IReadOnlyList<IVerdictRule> Rules { get; init; } = VerdictRules.All;
}
