using ServeBench.Domain.Plans;

namespace ServeBench.Domain.Workloads;

/// <summary>A fixed number of requests in flight, one level after the other: <c>concurrency: { quick: [1, 16] }</c>.</summary>
/// <param name="Concurrency">Requests in flight, by profile name.</param>
public sealed record ClosedScenario(IReadOnlyDictionary<string, IReadOnlyList<int>> Concurrency) : Scenario
{
    internal const string LevelsKey = "concurrency";

    public override string Question => Questions.Capacity;

    public override IReadOnlyCollection<string> Profiles => [.. Concurrency.Keys];

    public override IEnumerable<LoadShape> Shapes(string profile, Func<double, double> ofCeiling) =>
        Concurrency[profile].Select(c => new ClosedLoop(c));

    private static ClosedScenario Read(ScenarioSection of) =>
        new(of.Levels(LevelsKey, (levels, profile) => levels.Integers(profile, 1, 10_000))) { Name = of.Name, Title = of.Title };

    internal sealed class Kind : IScenarioKind
    {
        public Loop Loop => Loop.Closed;

        public string Key => LevelsKey;

        public bool IsUsual => true;

        public Scenario Read(ScenarioSection of) => ClosedScenario.Read(of);
    }
}
