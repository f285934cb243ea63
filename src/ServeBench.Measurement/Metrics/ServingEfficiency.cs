using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>How much of the raw runtime's throughput is left with a server around it.</summary>
public sealed class ServingEfficiency : ITrialMetric
{
    public const string MetricId = "serving-efficiency";

    public string Id => MetricId;

    public string Title => "Of raw runtime";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula =>
        "item throughput / median item throughput of the raw runtime (an in-process loop without a server) on the same inputs, "
            + "cores and precision in the same run; at the best valid level of a closed loop this is the serving efficiency; the loop "
            + "takes inputs as they come, so that a server which groups mixed lengths can come out above 100 %";

    public string Source => "method.md, definition of serving efficiency";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Capacity, 600)];

    /// <summary>In an open loop the client decides how much is served.</summary>
    public bool AppliesTo(LoadRecord load) => load.Shape is { IsOpen: false, IsSteady: true };

    public Measured Measure(TrialFacts trial) => trial.Record.Between is not null
        ? Measured.Not("the raw runtime was measured on the client's machine, and the server ran on another")
        : trial.CeilingItemsPerSecond is { } ceiling
            ? Measured.Of(trial.PerSecond(trial.Samples.SuccessfulItems) / ceiling)
            : Measured.Not("the raw runtime was not measured on this workload");
}
