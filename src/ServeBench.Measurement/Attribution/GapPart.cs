namespace ServeBench.Measurement.Attribution;

/// <summary>One cause of the gap between a stack and the raw runtime.</summary>
/// <param name="Parts">The part; several where the raw runtime's own time cannot be taken from one of them alone.</param>
/// <param name="Seconds">How much of the gap it is; below zero where it makes up for others.</param>
/// <param name="BeyondRaw">True when the raw runtime's time has been taken from it.</param>
public sealed record GapPart(IReadOnlyList<string> Parts, double Seconds, bool BeyondRaw);
