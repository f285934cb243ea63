using ServeBench.Domain.Plans;

namespace ServeBench.Domain.Workloads;

/// <summary>
/// A closed loop whose concurrency changes while it is measured: <c>ramp: { full: { start: 2, stages: [{ duration: 8s, target: 16
/// }] } }</c>.
/// </summary>
/// <param name="Ramps">Requests in flight, by profile name.</param>
public sealed record ClosedRampScenario(IReadOnlyDictionary<string, Ramp> Ramps) : Scenario
{
    private const int MostInFlight = 10_000;

    public override string Question => Questions.Ramp;

    public override IReadOnlyCollection<string> Profiles => [.. Ramps.Keys];

    public override IEnumerable<LoadShape> Shapes(string profile, Func<double, double> ofCeiling) => [new ClosedRamp(Ramps[profile])];

    private static ClosedRampScenario Read(ScenarioSection of) => new ClosedRampScenario(of.OfProfiles(RampStages.Key, (ramps, profile) =>
    {
        var ramp = ramps.Mapping(profile);
        var start = ramp.Integer("start", 1, MostInFlight);
        return new Ramp(
            start,
            [.. RampStages
                .Read(ramp, (stage, key) => stage.Integer(key, 1, MostInFlight))
                .Select(s => new RampStage(s.Duration, s.Target))]);
    }))
    {
        Name = of.Name,
        Title = of.Title,
    };

    internal sealed class Kind : IScenarioKind
    {
        public Loop Loop => Loop.Closed;

        public string Key => RampStages.Key;

        public Scenario Read(ScenarioSection of) => ClosedRampScenario.Read(of);
    }
}
