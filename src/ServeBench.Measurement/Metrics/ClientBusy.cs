using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Metrics;

/// <summary>Share of the client's cores that was busy with anything at all.</summary>
public sealed class ClientBusy : ITrialMetric
{
    public const string MetricId = "client-busy";

    public string Id => MetricId;

    public string Title => "Client busy";

    public Better Better => Better.Neither;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula => "busy time of the client's cores / (length of the measured window x number of those cores)";

    public string Source => "method.md, rule 3";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 60)];

    public double? SpoiledAbove => ClientCoresBusy.Limit;

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(trial.Record.Client.CoresBusy, "the use of the client's cores was not read");
}
