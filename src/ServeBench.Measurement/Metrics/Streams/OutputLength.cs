using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>How long answers were.</summary>
public sealed class OutputLength : ITrialMetric
{
    public const string MetricId = "output-length";

    public string Id => MetricId;

    public string Title => "Tokens out";

    public Better Better => Better.Neither;

    public MetricUnit Unit => MetricUnit.Ratio;

    public string Formula => "mean output tokens of successful requests, counted as for output throughput";

    public string Source => "method.md, rule 6: the same work; a server that ends early does less";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 2)];

    public bool AppliesTo(LoadRecord load) => load.StreamUnit is not null;

    public Measured Measure(TrialFacts trial) => trial.Samples is { Streams: { } streams, Successes: > 0 }
        ? Measured.Of((double)streams.Tokens / trial.Samples.Successes)
        : Measured.Not("no request succeeded");
}
