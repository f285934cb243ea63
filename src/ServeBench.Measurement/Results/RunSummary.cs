namespace ServeBench.Measurement.Results;

/// <param name="Quotable">False: the numbers prove the wiring and must never be quoted.</param>
/// <param name="Complete">False while planned trials are missing.</param>
/// <param name="Weights">Every kind of weights that took part: <c>seeded</c>, <c>pretrained</c>.</param>
public sealed record RunSummary(
    string Id,
    string Group,
    DateTimeOffset StartedUtc,
    DateTimeOffset? FinishedUtc,
    string Profile,
    bool Quotable,
    int Trials,
    bool Complete,
    int PlannedCases,
    int MeasuredCases,
    long Requests,
    IReadOnlyList<string> Weights);
