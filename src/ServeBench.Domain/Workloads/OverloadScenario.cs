using ServeBench.Domain.Plans;

namespace ServeBench.Domain.Workloads;

/// <summary>
/// Steps of each stack's own max rate, to show what overload does to it and how it recovers; compared with nothing:
/// <c>steps-of-max-rate: { standard: { shares: [50, 80, 120, 50], each: 5s } }</c> with shares in per cent.
/// </summary>
/// <param name="Steps">By profile name.</param>
public sealed record OverloadScenario(IReadOnlyDictionary<string, OverloadSpec> Steps) : Scenario
{
    internal const string LevelsKey = "steps-of-max-rate";

    public override string Question => Questions.Ramp;

    public override IReadOnlyCollection<string> Profiles => [.. Steps.Keys];

    public override bool NeedsMaxRate => true;

    public override IEnumerable<LoadShape> Shapes(string profile, Func<double, double> ofCeiling) => [new StepsOfMaxRate(Steps[profile])];

    private static OverloadScenario Read(ScenarioSection of) => new OverloadScenario(of.OfProfiles(LevelsKey, (steps, profile) =>
    {
        var spec = steps.Mapping(profile);
        var shares = spec.Integers("shares", 1, 1000);
        var read = new OverloadSpec(
            [.. shares.Select(s => s / 100.0)], spec.Duration("each", ScenarioSection.ShortestProbe, ScenarioSection.LongestProbe));
        spec.Done();
        return read;
    }))
    {
        Name = of.Name,
        Title = of.Title,
    };

    internal sealed class Kind : IScenarioKind
    {
        public Loop Loop => Loop.Open;

        public string Key => LevelsKey;

        public Scenario Read(ScenarioSection of) => OverloadScenario.Read(of);
    }
}

/// <param name="Shares">Shares of the stack's own max rate as it was found on the same deployment, one after the other.</param>
/// <param name="Each">How long each is held.</param>
public sealed record OverloadSpec(IReadOnlyList<double> Shares, TimeSpan Each);
