using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>Reads the stages of scenarios whose load changes, whatever it is counted in.</summary>
internal static class RampStages
{
    /// <summary>What makes a scenario one of these.</summary>
    public const string Key = "ramp";

    /// <summary>k6 runs nothing that is shorter.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="ramp">The ramp; its start has been read.</param>
    /// <param name="target">Reads the load at the end of a stage, under a key.</param>
    public static IReadOnlyList<(TimeSpan Duration, T Target)> Read<T>(YamlMapping ramp, Func<YamlMapping, string, T> target)
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
            ramp.Fault(
                "stages",
                $"all stages together last {DurationText.Format(length)}",
                $"Let them last from {DurationText.Format(Shortest)} to {DurationText.Format(Longest)} together");
        return stages;
    }
}
