using ServeBench.Domain;

namespace ServeBench.Measurement.Metrics;

/// <summary>
/// Every metric of this assembly, found by reflection: a new metric is one new file and nothing else, those that differ in a
/// number only are a family.
/// </summary>
public static class MetricCatalogue
{
    /// <summary>In ordinal order of id.</summary>
    public static IReadOnlyList<IMetric> All { get; } =
        [.. Plugins.Of<IMetric>(m => m.Id)
            .Concat(Plugins.Of<IMetricFamily>(f => f.GetType().Name).SelectMany(f => f.Members))
            .OrderBy(m => m.Id, StringComparer.Ordinal)];

    public static IReadOnlyList<ITrialMetric> OfTrials { get; } = [.. All.OfType<ITrialMetric>()];

    public static IReadOnlyList<ISweepMetric> OfSweeps { get; } = [.. All.OfType<ISweepMetric>()];

    public static IReadOnlyList<IDeploymentMetric> OfDeployments { get; } = [.. All.OfType<IDeploymentMetric>()];

    /// <exception cref="KeyNotFoundException">when no metric has that id.</exception>
    public static IMetric Get(string id) =>
        All.FirstOrDefault(m => m.Id == id) ?? throw new KeyNotFoundException($"no metric is called '{id}'");
}
