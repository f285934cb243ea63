using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evaluation;

/// <summary>Divides the requests of a ramp into its stages, by intended send.</summary>
internal static class StageParts
{
    /// <returns>One for each stage that takes time; none when the load does not change.</returns>
    public static IReadOnlyList<StagePart> Of(RampRecord? ramp, ReadOnlySpan<Sample> rows)
    {
        var parts = new List<StagePart>();
        var (from, start) = (ramp?.Start ?? 0, 0.0);
        foreach (var stage in ramp?.Stages ?? [])
        {
            if (stage.Seconds > 0) parts.Add(Part(from, stage, start, rows));
            (from, start) = (stage.Target, start + stage.Seconds);
        }
        return parts;
    }

    private static StagePart Part(double from, RampStageRecord stage, double start, ReadOnlySpan<Sample> rows)
    {
        var (begins, ends) = (start * SampleDigest.NanosecondsPerSecond, (start + stage.Seconds) * SampleDigest.NanosecondsPerSecond);
        var latencies = new List<long>();
        var requests = 0;
        foreach (ref readonly var row in rows)
        {
            if (row.Intended < begins || row.Intended >= ends) continue;
            requests++;
            if (row.Outcome == Outcome.Success) latencies.Add(row.EndToEnd);
        }
        long[] sorted = [.. latencies.Order()];
        return new StagePart(from, stage.Target, stage.Seconds, requests, sorted.Length, Supported(sorted, 0.5), Supported(sorted, 0.95));
    }

    private static double? Supported(long[] sorted, double p) =>
        SampleSupport.Supports(p, sorted.Length) ? Percentile.OfSorted(sorted, p) / SampleDigest.NanosecondsPerSecond : null;
}

/// <summary>One stage of a ramp in one trial.</summary>
/// <param name="From">The load at its start: requests in flight, or per second.</param>
/// <param name="To">The load at its end.</param>
/// <param name="Requests">Requests whose intended send lies in it.</param>
/// <param name="Successes">Those of them that succeeded.</param>
/// <param name="P50Seconds">Median end-to-end latency of those; null without support.</param>
/// <param name="P95Seconds">95th percentile of the same; null without support.</param>
public sealed record StagePart(double From, double To, double Seconds, int Requests, int Successes, double? P50Seconds, double? P95Seconds);
