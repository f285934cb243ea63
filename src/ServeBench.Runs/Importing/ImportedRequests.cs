using ServeBench.Domain.Trials;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Runs.Importing;

/// <summary>One request that another tool has measured.</summary>
/// <param name="Sent">Nanoseconds on that tool's clock; null when the format does not tell.</param>
/// <param name="Duration">Nanoseconds from its first byte sent to the last received.</param>
/// <param name="Failed">Null when the format does not tell.</param>
internal readonly record struct ImportedRequest(long? Sent, long Duration, bool? Failed);

/// <summary>Everything that one file tells.</summary>
internal sealed class ImportedRequests
{
    public List<ImportedRequest> Requests { get; } = [];

    /// <summary>Nanoseconds from when requests were due to their last byte, where the format tells; in no order.</summary>
    public List<long> FromSchedule { get; } = [];

    public long? Dropped { get; set; }

    public List<string> Remarks { get; } = [];
}

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
