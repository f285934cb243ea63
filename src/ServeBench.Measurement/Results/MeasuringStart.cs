using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Results;

/// <summary>A start of the program that measured something of the run, and the state of the machine then.</summary>
/// <param name="Conditions">As it was read before anything was measured.</param>
/// <param name="Run">The run that it measured for.</param>
/// <param name="Trials">How many trials of a case.</param>
public sealed record MeasuringStart(ConditionsRecord Conditions, string Run, int Trials);
