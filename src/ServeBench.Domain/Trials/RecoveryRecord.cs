namespace ServeBench.Domain.Trials;

/// <summary>How a server stood before a case, after the load of another one.</summary>
/// <param name="Seconds">
/// Until it answered one request alone within the objective, or within twice the time of its first; of a search the sum over its probes.
/// </param>
/// <param name="Recovered">Whether it did so within the limit; of a search before every probe.</param>
public sealed record RecoveryRecord(double Seconds, bool Recovered);
