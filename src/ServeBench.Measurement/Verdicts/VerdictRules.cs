using ServeBench.Domain;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>Every rule of this assembly, found by reflection.</summary>
public static class VerdictRules
{
    /// <summary>In ordinal order of id.</summary>
    public static IReadOnlyList<IVerdictRule> All { get; } = Plugins.Of<IVerdictRule>(r => r.Id);

    /// <summary>What all of them find.</summary>
    public static IReadOnlyList<Finding> Check(TrialFacts trial) => Check(trial, All);

    /// <summary>What some find.</summary>
    public static IReadOnlyList<Finding> Check(TrialFacts trial, IReadOnlyList<IVerdictRule> rules) =>
        [.. rules.Select(r => r.Check(trial)).OfType<Finding>()];
}
