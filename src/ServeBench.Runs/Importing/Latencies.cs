using ServeBench.Domain.Trials;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Runs.Importing;

/// <summary>Percentiles as this project shows them.</summary>
internal static class Latencies
{
    /// <summary>From samples in nanoseconds; null when there are none.</summary>
    public static ImportedLatency? Of(IEnumerable<long> nanoseconds)
    {
        var sorted = nanoseconds.Order().ToArray();
        return sorted.Length == 0 ? null : Of(sorted.Length, p => Percentile.OfSorted(sorted, p) / 1e9);
    }

    /// <summary>From percentiles that the other tool has computed.</summary>
    /// <param name="samples">How many samples are behind them.</param>
    /// <param name="seconds">A percentile; null when it was not computed.</param>
    public static ImportedLatency Of(long samples, Func<double, double?> seconds)
    {
        return new ImportedLatency(Supported(0.5), Supported(0.9), Supported(0.95), Supported(0.99), Supported(0.999));

        double? Supported(double p) => p == 0.5 || SampleSupport.Supports(p, (int)Math.Min(samples, int.MaxValue)) ? seconds(p) : null;
    }
}
