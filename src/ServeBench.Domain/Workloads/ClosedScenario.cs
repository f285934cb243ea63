using ServeBench.Domain.Plans;

namespace ServeBench.Domain.Workloads;

/// <summary>A fixed number of requests in flight, one level after the other: <c>concurrency: { quick: [1, 16] }</c>.</summary>
/// <param name="Concurrency">Requests in flight, by profile name.</param>
public sealed record ClosedScenario(IReadOnlyDictionary<string, IReadOnlyList<int>> Concurrency) : Scenario
{
    internal const string Key = "concurrency";

    public override string Question => Questions.Capacity;

    public override IReadOnlyCollection<string> Profiles => [.. Concurrency.Keys];

    public override IEnumerable<LoadShape> Shapes(string profile, Func<double, double> ofCeiling) =>
        Concurrency[profile].Select(c => new ClosedLoop(c));

    internal static Scenario Read(ScenarioSection of) =>
        new ClosedScenario(of.Levels(Key, (levels, profile) => levels.Integers(profile, 1, 10_000))) { Name = of.Name, Title = of.Title };
}
