namespace ServeBench.Hosts.Telemetry;

/// <summary>What a CPU quota did to a container, from the beginning (cpu.stat of its control group).</summary>
/// <param name="Periods">How often the quota was looked at.</param>
/// <param name="Throttled">How often it was used up.</param>
/// <param name="StoppedSeconds">How long the container was stopped for it, summed over the cores on which it was.</param>
internal sealed record QuotaUse(long Periods, long Throttled, double StoppedSeconds);
