using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>Share of requests whose answer began and did not come to its end.</summary>
public sealed class CutStreams : ITrialMetric
{
    public const string MetricId = "cut-streams";

    public string Id => MetricId;

    public string Title => "Cut streams";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula => "requests of which at least one token came and which then failed / requests";

    public string Source => "method.md, rule 15: what a user has read half of is no good answer";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 71)];

    public bool AppliesTo(LoadRecord load) => load.StreamUnit is not null;

    public Measured Measure(TrialFacts trial) => trial.Samples is { Streams: { } streams, Count: > 0 }
        ? Measured.Of((double)streams.Cut / trial.Samples.Count)
        : Measured.Not("no request was made");
}
