using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>How soon the first token comes at the same arrival rate.</summary>
public sealed class FirstTokenQuestion : PercentileQuestion
{
    public override string Id => "first-tokens";

    public override string CasesOf => Questions.Latency;

    public override int Order => 5;

    public override IReadOnlyList<string> Metrics { get; } =
        [StreamPercentiles.TtftP95, StreamPercentiles.TtftP90, StreamPercentiles.TtftP50];

    public override string Asked(string items) => "How long does a user wait for the first token when all get the same load?";

    public override string Explanation =>
        "Asked of the same open loop as latency, of answers that are streamed; the wait counts from when a request was due, and ends "
            + "with the first piece that has text in it.";

    public override string Ahead => "sooner";

    public override string Behind(string percent) => $"{percent} longer";

    public override string ValueHeading(IMetric metric, string items) => $"TTFT ({metric.Unit.Shown})";

    public override int CountContests(IReadOnlyList<PlannedCase> cases) => base.CountContests([.. cases.Where(c => c.IsStreamed)]);
}
