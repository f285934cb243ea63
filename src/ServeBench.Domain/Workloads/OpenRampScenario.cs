using ServeBench.Domain.Plans;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>
/// An open loop whose rate changes while it is measured: <c>ramp: { full: { start: 10/s, stages: [{ duration: 8s, target: 200/s }] } }</c>.
/// </summary>
/// <param name="Ramps">The courses, by profile name.</param>
public sealed record OpenRampScenario(IReadOnlyDictionary<string, RateRamp> Ramps) : Scenario
{
    public override string Question => Questions.Ramp;

    public override IReadOnlyCollection<string> Profiles => [.. Ramps.Keys];

    public override IEnumerable<LoadShape> Shapes(string profile, Func<double, double> ofCeiling) =>
        [new OpenRamp(new Ramp(
            Ramps[profile].Start.Of(ofCeiling),
            [.. Ramps[profile].Stages.Select(s => new RampStage(s.Duration, s.Target.Of(ofCeiling)))]))];

    private static OpenRampScenario Read(ScenarioSection of) =>
        new OpenRampScenario(of.OfProfiles(RampStages.Key, (ramps, profile) => Course(ramps.Mapping(profile))))
        {
            Name = of.Name,
            Title = of.Title,
        };

    private static RateRamp Course(YamlMapping ramp)
    {
        var start = Rate(ramp, "start");
        RateStage[] stages = [.. RampStages.Read(ramp, Rate).Select(s => new RateStage(s.Duration, s.Target))];
        if (stages.Select(s => s.Target).Append(start).All(r => (r.PerSecond ?? r.OfCeiling) == 0))
            ramp.Fault("stages", "the rate is 0 all the time, so nothing is ever sent", "Give one target above 0");
        return new RateRamp(start, stages);
    }

    private static ArrivalRate Rate(YamlMapping section, string key) =>
        section.Text(key) is { Length: > 0 } text ? ScenarioSection.Rate(section, key, text, mayBeZero: true) : new ArrivalRate(1, null);

    internal sealed class Kind : IScenarioKind
    {
        public Loop Loop => Loop.Open;

        public string Key => RampStages.Key;

        public Scenario Read(ScenarioSection of) => OpenRampScenario.Read(of);
    }
}

/// <param name="Start">The rate it starts with.</param>
/// <param name="Stages">In order, at least one.</param>
public sealed record RateRamp(ArrivalRate Start, IReadOnlyList<RateStage> Stages);

/// <param name="Duration">How long it takes to get to the target.</param>
/// <param name="Target">The rate at its end.</param>
public sealed record RateStage(TimeSpan Duration, ArrivalRate Target);
