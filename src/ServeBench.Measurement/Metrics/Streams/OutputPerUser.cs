using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Metrics;

/// <summary>How fast one user sees the text grow.</summary>
public sealed class OutputPerUser : ITrialMetric
{
    public const string MetricId = "output-per-user";

    public string Id => MetricId;

    public string Title => "One user's tokens";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.PerSecond;

    public string Formula =>
        "median over successful requests of (output tokens after the first piece) / (last token - first token): the waiting for the first "
            + "token is not in it";

    public string Source => "AIPerf's output token throughput per user, which is the inverse of a request's mean ITL";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Capacity, 20), new(CaseTables.Latency, 60)];

    public bool AppliesTo(LoadRecord load) => load.StreamUnit is not null;

    public Measured Measure(TrialFacts trial) => trial.Samples.Streams is { Pace.Length: > 0 } streams
        ? Measured.Of(SampleDigest.NanosecondsPerSecond / Percentile.OfSorted(streams.Pace, 0.5))
        : Measured.Not("no answer came in more than one piece");
}
