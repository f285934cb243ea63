namespace ServeBench.Measurement.Metrics;

/// <summary>
/// Metrics that differ in a number only, such as the percentiles of a latency. One public class with a parameterless constructor,
/// found by <see cref="MetricCatalogue"/>; its members are metrics like any other.
/// </summary>
public interface IMetricFamily
{
    IReadOnlyList<IMetric> Members { get; }
}
