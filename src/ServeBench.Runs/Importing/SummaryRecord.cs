using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Importing;

/// <summary>The record of what a tool has summed up itself.</summary>
internal static class SummaryRecord
{
    public static ImportedRecord Of(ImportedSummary summary)
    {
        var absent = summary.NotMeasured.ToList();
        if (summary.Service is null && summary.EndToEnd is null && !absent.Exists(a => a.What == Figures.Latency))
            absent.Add(new NotMeasured(Figures.Latency, "the file has no percentiles"));
        // Other people's numbers, divided by each other, may come to anything.
        var rate = summary.RequestsPerSecond is >= 0 and < 1e12 and var told ? told : (double?)null;
        if (rate is null && summary.RequestsPerSecond is not null) absent.Add(new NotMeasured(Figures.Rate, "what the file says comes to none that can be"));
        return RequestRecord.Empty with
        {
            Requests = summary.Requests,
            Failures = summary.Failures,
            FailureKinds = summary.Kinds is { Count: > 0 } ? summary.Kinds : null,
            WindowSeconds = summary.WindowSeconds,
            RequestsPerSecond = rate,
            EndToEnd = Latency(summary.EndToEnd, summary.Samples, absent),
            Service = Latency(summary.Service, summary.Samples, summary.EndToEnd is null ? absent : []),
            Remarks = summary.Remarks,
            NotMeasured = absent,
        };
    }

    private static ImportedLatency? Latency(IReadOnlyDictionary<double, double>? percentiles, long? samples, List<NotMeasured> absent) =>
        percentiles is null ? null : Latencies.Of(samples, p => percentiles.TryGetValue(p, out var seconds) ? seconds : null, "the file does not have it", absent);
}
