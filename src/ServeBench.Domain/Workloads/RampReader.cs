using ServeBench.Domain.Plans;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>
/// Reads scenarios whose load changes: <c>ramp: { full: { start: 10/s, stages: [{ duration: 8s, target: 200/s }] } }</c>, by
/// profile. In a closed loop start and targets are requests in flight.
/// </summary>
internal static class RampReader
{
    /// <summary>What makes a scenario one of these.</summary>
    public const string Key = "ramp";

    private const int MostInFlight = 10_000;

    /// <summary>k6 runs nothing that is shorter.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="section">The scenario; its name, title and loop have been read.</param>
    /// <param name="loop"><c>closed</c> or <c>open</c>.</param>
    /// <param name="rate">Reads a rate under a key, 0 included.</param>
    public static Scenario Read(
        YamlMapping section, string loop, string name, string title, IReadOnlyCollection<string> profiles, Func<YamlMapping, string, ArrivalRate> rate)
    {
        var ramps = section.Mapping(Key);
        return loop == "open"
            ? new OpenRampScenario(WorkloadReader.OfProfiles(ramps, profiles, (of, profile) => Open(of.Mapping(profile), rate))) { Name = name, Title = title }
            : new ClosedRampScenario(WorkloadReader.OfProfiles(ramps, profiles, (of, profile) => Closed(of.Mapping(profile)))) { Name = name, Title = title };
    }

    private static Ramp Closed(YamlMapping ramp)
    {
        var start = ramp.Integer("start", 1, MostInFlight);
        return new Ramp(start, [.. Stages(ramp, (stage, key) => stage.Integer(key, 1, MostInFlight)).Select(s => new RampStage(s.Duration, s.Target))]);
    }

    private static RateRamp Open(YamlMapping ramp, Func<YamlMapping, string, ArrivalRate> rate)
    {
        var start = rate(ramp, "start");
        RateStage[] stages = [.. Stages(ramp, rate).Select(s => new RateStage(s.Duration, s.Target))];
        if (stages.Select(s => s.Target).Append(start).All(r => (r.PerSecond ?? r.OfCeiling) == 0)) ramp.Fault("stages", "the rate is 0 all the time, so nothing is ever sent", "Give one target above 0");
        return new RateRamp(start, stages);
    }

    private static List<(TimeSpan Duration, T Target)> Stages<T>(YamlMapping ramp, Func<YamlMapping, string, T> target)
    {
        var stages = new List<(TimeSpan Duration, T Target)>();
        var mappings = ramp.Mappings("stages");
        foreach (var stage in mappings)
        {
            if (stage.Keys.Count == 0) continue; // it is no mapping, which is said already
            stages.Add((stage.Duration("duration", TimeSpan.Zero, Longest), target(stage, "target")));
            stage.Done();
        }
        ramp.Done();
        var length = stages.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Duration);
        if (stages.Count == mappings.Count && stages.Count > 0 && (length < Shortest || length > Longest))
            ramp.Fault("stages", $"all stages together last {DurationText.Format(length)}", $"Let them last from {DurationText.Format(Shortest)} to {DurationText.Format(Longest)} together");
        return stages;
    }
}
