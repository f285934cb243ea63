using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>Every rule of this assembly, found by reflection.</summary>
public static class VerdictRules
{
    /// <summary>In ordinal order of id.</summary>
    public static IReadOnlyList<IVerdictRule> All { get; } = Plugins.Of<IVerdictRule>(r => r.Id);

    public static IReadOnlyList<Finding> Check(TrialFacts trial) => [.. All.Select(r => r.Check(trial)).OfType<Finding>()];
}
