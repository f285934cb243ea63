using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>Latency: how long each stack takes at the same arrival rate.</summary>
public sealed class LatencyQuestion : PercentileQuestion
{
    public override string Id => Questions.Latency;

    public override int Order => 3;

    public override IReadOnlyList<string> Metrics { get; } = [LatencyPercentile.P95, LatencyPercentile.P90, LatencyPercentile.P50];

    public override string Asked(string items) => "How long does an answer take when all get the same load?";

    public override string Explanation =>
        "Requests arrive on a schedule that does not wait for answers (an open loop), the same for every stack; "
            + "latency counts from when a request was due.";

    public override string Ahead => "faster";

    public override string Behind(string percent) => $"{percent} longer";

    public override string ValueHeading(IMetric metric, string items) => $"Latency ({metric.Unit.Shown})";
}
