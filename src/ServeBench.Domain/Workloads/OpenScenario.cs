using ServeBench.Domain.Plans;

namespace ServeBench.Domain.Workloads;

/// <summary>Arrivals on a schedule that does not wait for answers: <c>rates: { quick: [100/s, 50% of ceiling] }</c>.</summary>
/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Rates">The rates, by profile name.</param>
public sealed record OpenScenario(string Arrivals, IReadOnlyDictionary<string, IReadOnlyList<ArrivalRate>> Rates) : Scenario
{
    internal const string LevelsKey = "rates";

    public override string Question => Questions.Latency;

    public override IReadOnlyCollection<string> Profiles => [.. Rates.Keys];

    /// <summary>A share stays one until the raw runtime was measured in the run's own first block.</summary>
    public override IEnumerable<LoadShape> Shapes(string profile, Func<double, double> ofCeiling) =>
        Rates[profile].Select(
            r => r.OfCeiling is { } share ? (LoadShape)new ShareOfCeiling(Arrivals, share) : new OpenLoop(Arrivals, r.PerSecond!.Value));

    private static OpenScenario Read(ScenarioSection of) => new OpenScenario(
        of.Section.OneOf("arrivals", ArrivalProcesses.All),
        of.Levels(LevelsKey, (levels, profile) => levels.Texts(profile).Select(t => ScenarioSection.Rate(levels, profile, t)).ToArray()))
    {
        Name = of.Name,
        Title = of.Title,
    };

    internal sealed class Kind : IScenarioKind
    {
        public Loop Loop => Loop.Open;

        public string Key => LevelsKey;

        public bool IsUsual => true;

        public Scenario Read(ScenarioSection of) => OpenScenario.Read(of);
    }
}
