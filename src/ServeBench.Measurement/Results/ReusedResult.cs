namespace ServeBench.Measurement.Results;

/// <param name="Contender">Label.</param>
/// <param name="Run">The run that measured it.</param>
/// <param name="Trials">How many of its trials.</param>
/// <param name="FirstUtc">When the first of them was measured.</param>
/// <param name="LastUtc">When the last of them was.</param>
public sealed record ReusedResult(string Contender, string Run, int Trials, DateTimeOffset FirstUtc, DateTimeOffset LastUtc);
