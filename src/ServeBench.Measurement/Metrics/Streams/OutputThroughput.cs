using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>Output tokens per second of all users together.</summary>
public sealed class OutputThroughput : ITrialMetric
{
    public const string MetricId = "output-throughput";

    public string Id => MetricId;

    public string Title => "Output tokens";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.PerSecond;

    public string Formula =>
        "output tokens of successful requests / length of the measured window; tokens are counted in the text of every piece of an answer "
            + "as the model itself cuts texts, never by pieces or by what the server says";

    public string Source => "method.md, definition of output throughput; decision 0150";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Capacity, 5) { WithRange = true }, new(CaseTables.Latency, 50)];

    public bool AppliesTo(LoadRecord load) => load.StreamUnit is not null;

    public Measured Measure(TrialFacts trial) => trial.Samples.Streams is { } streams
        ? Measured.Of(trial.PerSecond(streams.Tokens))
        : Measured.Not("the tokens of its answers were not counted");
}
