using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Results;

/// <summary>What one rule found in one or more trials of a case.</summary>
/// <param name="Trials">Numbers of the trials.</param>
/// <param name="Message">What was found in the first of them.</param>
public sealed record CaseFinding(string Rule, Severity Severity, IReadOnlyList<int> Trials, string Message, string Advice);
