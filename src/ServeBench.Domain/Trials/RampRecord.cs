namespace ServeBench.Domain.Trials;

/// <summary>A load that changes in straight lines: requests in flight (closed) or per second (open).</summary>
/// <param name="Start">Where it starts.</param>
/// <param name="Stages">In order, at least one; together they are as long as the window.</param>
public sealed record RampRecord(double Start, IReadOnlyList<RampStageRecord> Stages);

/// <param name="Seconds">Its length.</param>
/// <param name="Target">The load at its end.</param>
public sealed record RampStageRecord(double Seconds, double Target);
