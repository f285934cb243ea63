namespace ServeBench.Domain.Trials;

/// <summary>How a server stood before a case, after the load of another one.</summary>
/// <param name="Seconds">
/// Until it was asked the request that it answered within the objective, within twice the time of one on the fresh deployment or within
/// 100 ms: 0 when that was the first. Of a search the longest of its probes.
/// </param>
/// <param name="Recovered">Whether it did so within the limit; of a search before every probe.</param>
public sealed record RecoveryRecord(double Seconds, bool Recovered);
