using ServeBench.Domain.Trials;
using ServeBench.Measurement.Streams;

namespace ServeBench.Measurement.Metrics;

/// <summary>How many users at once a server holds within the objectives on streamed answers.</summary>
public sealed class UsersHeld : ISweepMetric
{
    public const string MetricId = "users-held";

    public string Id => MetricId;

    public string Title => "Users held";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.Ratio;

    public string Formula =>
        "the largest level of the closed loop, requests in flight, at which 95 % of first tokens and 95 % of gaps came within the "
            + "workload's objectives on TTFT and ITL, of 20 answers at least, and at every smaller level, too; of the levels that were "
            + "tried, and the same at each of them; 0 where the smallest was not held";

    public string Source => "the column 'concurrent users held under the objective'";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Capacity, 50)];

    public bool AppliesTo(LoadRecord load) => StreamObjectives.AreIn(load);

    public Measured Measure(SweepPoint point, IReadOnlyList<SweepPoint> sweep)
    {
        SweepPoint? held = null;
        foreach (var level in sweep.OrderBy(p => p.Users))
        {
            if (level.Held.Value is null) return Measured.Not($"with {level.Users} in flight: {level.Held.Unknown}");
            if (level.Held.Value == false) break;
            held = level;
        }
        return Measured.Of(held?.Users ?? 0);
    }
}
