namespace ServeBench.Measurement.Attribution;

/// <param name="Id">One of <see cref="TimeParts"/>.</param>
/// <param name="Seconds">Mean over requests and trials; null when it was not measured. Of a difference it may be a little below
/// zero.</param>
/// <param name="NotMeasured">Why not; null when it was.</param>
public sealed record TimePart(string Id, double? Seconds, string? NotMeasured = null);
