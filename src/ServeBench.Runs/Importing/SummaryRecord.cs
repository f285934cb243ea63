using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Importing;

/// <summary>The record of what a tool has summed up itself.</summary>
internal static class SummaryRecord
{
    public static ImportedRecord Of(ImportedSummary summary)
    {
        var absent = summary.NotMeasured.ToList();
        var remarks = summary.Remarks.ToList();
        // Tools that count failed requests in give their latencies, too: those of nothing else, here.
        var isNoneGood = summary.Failures is > 0 and var failed && failed == summary.Requests;
        if (isNoneGood)
            absent = [.. absent.Where(a => a.What != Figures.Latency), new NotMeasured(Figures.Latency, "no request succeeded")];
        var service = isNoneGood ? null : Rising(summary.Service, remarks);
        var endToEnd = isNoneGood ? null : Rising(summary.EndToEnd, remarks);
        if (summary.Service is null && summary.EndToEnd is null && !absent.Exists(a => a.What == Figures.Latency))
            absent.Add(new NotMeasured(Figures.Latency, "the file has no percentiles"));
        // Other people's numbers, divided by each other, may come to anything.
        var rate = summary.RequestsPerSecond is >= 0 and < 1e12 and var reported ? reported : (double?)null;
        if (rate is null && summary.RequestsPerSecond is not null)
            absent.Add(new NotMeasured(Figures.Rate, "what the file says comes to none that can be"));
        return RequestRecord.Empty with
        {
            Requests = summary.Requests,
            Failures = summary.Failures,
            FailureKinds = summary.Kinds is { Count: > 0 } ? summary.Kinds : null,
            WindowSeconds = summary.WindowSeconds,
            RequestsPerSecond = rate,
            EndToEnd = Latency(endToEnd, summary.Samples, absent),
            Service = Latency(service, summary.Samples, endToEnd is null ? absent : []),
            Remarks = remarks,
            NotMeasured = absent,
        };
    }

    /// <summary>
    /// Those that can be: none is shorter than that of a lower share, or longer than the longest. ab, for one, reads the highest from
    /// beyond its table where requests were few.
    /// </summary>
    private static SortedDictionary<double, double>? Rising(IReadOnlyDictionary<double, double>? percentiles, List<string> remarks)
    {
        if (percentiles is null) return null;
        var (kept, least) = (new SortedDictionary<double, double>(), 0.0);
        var most = percentiles.TryGetValue(1, out var longest) ? longest : double.MaxValue;
        foreach (var (share, seconds) in percentiles.OrderBy(p => p.Key))
        {
            if (seconds < least || seconds > most) continue;
            kept[share] = least = seconds;
        }
        if (kept.Count < percentiles.Count)
            remarks.Add(
                $"left out, being shorter than lower percentiles or longer than the longest: "
                    + $"{string.Join(", ", percentiles.Keys.Except(kept.Keys).Order().Take(5).Select(Latencies.Name))}");
        return kept;
    }

    private static ImportedLatency? Latency(SortedDictionary<double, double>? percentiles, long? samples, List<NotMeasured> absent) =>
        percentiles is null
            ? null
            : Latencies.Of(samples, p => percentiles.TryGetValue(p, out var seconds) ? seconds : null, "the file does not have it", absent);
}
