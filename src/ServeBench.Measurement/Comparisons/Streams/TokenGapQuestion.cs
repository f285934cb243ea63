using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>How evenly the text grows at the same arrival rate.</summary>
public sealed class TokenGapQuestion : PercentileQuestion
{
    public override string Id => "token-gaps";

    public override string CasesOf => Questions.Latency;

    public override int Order => 6;

    public override IReadOnlyList<string> Metrics { get; } =
        [StreamPercentiles.ItlP95, StreamPercentiles.ItlP90, StreamPercentiles.ItlP50];

    public override string Asked(string items) => "How long are the gaps between tokens when all get the same load?";

    public override string Explanation =>
        "Asked of the same open loop as latency, of answers that are streamed; all gaps between successive pieces with text count "
            + "together.";

    public override string Ahead => "shorter";

    public override string Behind(string percent) => $"{percent} longer";

    public override string ValueHeading(IMetric metric, string items) => $"ITL ({metric.Unit.Shown})";

    public override int CountContests(IReadOnlyList<PlannedCase> cases) => base.CountContests([.. cases.Where(c => c.IsStreamed)]);
}
