namespace ServeBench.Measurement.Results;

/// <param name="Contender">Label.</param>
/// <param name="Run">The run that measured it.</param>
/// <param name="Trials">How many of its trials.</param>
public sealed record ReusedResult(string Contender, string Run, int Trials);
