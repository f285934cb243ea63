namespace ServeBench.Domain.Trials;

/// <summary>
/// The state of the machine when a start of the program began to measure: what decides a result beside its fingerprint. Every trial
/// and every ceiling that the start measures has a copy, so that a later start can tell whether it would measure under the same.
/// </summary>
public sealed record ConditionsRecord
{
    public required DateTimeOffset ReadUtc { get; init; }

    /// <summary>A hash that differs from one start of the operating system to the next; empty where that is not known.</summary>
    public required string Boot { get; init; }

    /// <summary>
    /// Share of the client's or of the servers' cores, whichever is larger, that was busy while nothing of this program ran, 0 to 1;
    /// null where the operating system does not say.
    /// </summary>
    public double? BackgroundBusy { get; init; }

    /// <summary>What the driver reached against the null server, in requests per second: a figure for each of some windows.</summary>
    public required IReadOnlyList<double> DriverRates { get; init; }
}
