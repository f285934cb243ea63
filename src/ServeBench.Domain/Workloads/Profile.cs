using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Workloads;

/// <summary>One k6/profiles/&lt;name&gt;.yaml: how long and how often to measure.</summary>
public sealed record Profile
{
    [DecidesNothing("a profile that says the same measures the same")]
    public required string Name { get; init; }

    [DecidesNothing("for people")]
    public required string Summary { get; init; }

    /// <summary>False when its numbers prove the wiring only and must never be quoted; the report says so on top.</summary>
    public required bool Quotable { get; init; }

    /// <summary>Deployments of each contender.</summary>
    public required int Trials { get; init; }

    /// <summary>
    /// Cold starts of each contender; those that its trials do not give anyway are made for this measurement alone.
    /// </summary>
    public required int ColdStarts { get; init; }

    /// <summary>Whether one stack runs twice under two labels, to measure the noise floor.</summary>
    public required bool Twin { get; init; }

    /// <summary>Length of one warm-up window; six in a row must show no trend (method.md, rule 10).</summary>
    public required TimeSpan WarmUpWindow { get; init; }

    /// <summary>When warm-up gives up waiting for that, and the case says so.</summary>
    public required TimeSpan WarmUpLimit { get; init; }

    /// <summary>Least length of the measured window.</summary>
    public required TimeSpan Measure { get; init; }

    /// <summary>Requests that a measured window holds at least, unless it would get longer than <see cref="LongestMeasure"/>.</summary>
    public int LeastRequests { get; init; }

    /// <summary>When a window ends even without those.</summary>
    public TimeSpan LongestMeasure { get; init; }

    /// <summary>Length of one measurement of the raw runtime at one batch size.</summary>
    public required TimeSpan Ceiling { get; init; }

    /// <summary>Length of one measurement of the driver against the null server.</summary>
    public required TimeSpan Calibrate { get; init; }
}
