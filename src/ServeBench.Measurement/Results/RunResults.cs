using ServeBench.Domain.Trials;
using ServeBench.Measurement.Attribution;
using ServeBench.Measurement.Drivers;

namespace ServeBench.Measurement.Results;

/// <summary>
/// results.json of a run: every number, verdict and comparison that its report shows. Computed from the run's folder alone,
/// so the same folder gives the same bytes. Seconds, bytes and shares throughout; what was not measured is absent and
/// has a reason. Lists are in the manifest's order.
/// </summary>
public sealed record RunResults
{
    public const string CurrentSchema = "servebench-results/2";

    public string Schema { get; init; } = CurrentSchema;

    public required RunSummary Run { get; init; }

    /// <summary>One answer for every question asked of every workload; what the report begins with.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>The best against each of the others, for every question of every workload.</summary>
    public required IReadOnlyList<Comparison> Comparisons { get; init; }

    /// <summary>How much trials scatter, one entry per question and workload with stacks to compare.</summary>
    public required IReadOnlyList<NoiseFloor> NoiseFloors { get; init; }

    public required IReadOnlyList<ContenderResult> Contenders { get; init; }

    /// <summary>
    /// How near the stacks' answers to the reference inputs are to each other's; null in results of before they were kept.
    /// </summary>
    public IReadOnlyList<ParityPair>? ParityPairs { get; init; }

    public required IReadOnlyList<CaseResult> Cases { get; init; }

    /// <summary>The headlines as two drivers measured them; null where one driver measured.</summary>
    public IReadOnlyList<DriverAgreement>? DriverAgreements { get; init; }

    /// <summary>
    /// Where the time of requests went, by stack; null in results of before that was computed, and where no closed loop was
    /// measured.
    /// </summary>
    public IReadOnlyList<TimeSplit>? Times { get; init; }

    public required IReadOnlyList<CeilingResult> Ceilings { get; init; }

    /// <summary>Null when the driver was not calibrated.</summary>
    public CalibrationRecord? Calibration { get; init; }

    /// <summary>Results that an earlier run measured and that are therefore not interleaved with the rest.</summary>
    public required IReadOnlyList<ReusedResult> Reused { get; init; }

    /// <summary>The starts that measured what the run holds, in their order; null where none recorded its conditions.</summary>
    public IReadOnlyList<MeasuringStart>? Starts { get; init; }

    /// <summary>What other tools have measured elsewhere; compared with nothing. Null when there is none.</summary>
    public IReadOnlyList<ImportedRecord>? Imported { get; init; }

    public required IReadOnlyList<NotMeasured> NotMeasured { get; init; }

    /// <summary>The definition of every metric used.</summary>
    public required IReadOnlyList<MetricDefinition> Metrics { get; init; }

    /// <summary>True when any case is INVALID or any deployment failed parity or did not start.</summary>
    public bool AnyInvalid =>
        Cases.Any(c => c.Standing == Standing.Invalid)
            || Contenders.Any(c => c.Deployments.Any(d => d.Failure is not null || d.Parity is { Passed: false }));
}
