using ServeBench.Domain.Faults;
using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Importing;

/// <summary>The record of requests one by one: of one file, or pooled over several runners that shared a load.</summary>
internal static class RequestRecord
{
    public static ImportedRecord Empty => new() { Case = "", Source = "", Files = [], ImportedUtc = default, Remarks = [] };

    /// <summary>Pools what several runners have seen while all of them loaded: samples together, so rates add up.</summary>
    /// <exception cref="RunFailedException">when a file holds no requests, or the runners never loaded at the same time.</exception>
    public static ImportedRecord Of(IReadOnlyList<ImportedRequests> runners, IReadOnlyList<ImportFile> files)
    {
        for (var i = 0; i < runners.Count; i++)
        {
            if (runners[i].Requests.Count > 0) continue;
            throw files[i].Bad(
                $"holds no requests{(runners[i].Remarks.Count > 0 ? $": {runners[i].Remarks[0]}" : "")}",
                "Give a file of a run that has made some");
        }
        var remarks = runners.SelectMany(r => r.Remarks).Distinct().ToList();
        var absent = runners.SelectMany(r => r.NotMeasured).DistinctBy(n => n.What).ToList();
        var window = Window(runners, absent);
        var (requests, unknown) = (0L, 0L);
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var good = new List<long>(runners.Sum(r => r.Requests.Count));
        foreach (var runner in runners)
        {
            foreach (var request in runner.Requests)
            {
                if (window is { } inside && (request.Sent < inside.From || request.Sent >= inside.Until)) continue;
                requests++;
                if (request.Outcome == ImportedRequest.Unknown) unknown++;
                if (request.HasFailed) kinds[runner.KindOf(request)] = kinds.GetValueOrDefault(runner.KindOf(request)) + 1;
                else good.Add(request.Duration);
            }
        }
        var seconds = window is { } length ? (length.Until - length.From) / 1e9 : (double?)null;
        if (runners.Count > 1)
            remarks.Add($"{runners.Count} runners: their requests are pooled, over the time in which all of them loaded");
        if (unknown > 0 && !absent.Exists(a => a.What == Figures.Failures))
            absent.Add(new NotMeasured(Figures.Failures, "the file does not say of all requests whether they failed"));
        if (unknown > 0 && seconds is not null && !absent.Exists(a => a.What == Figures.Rate))
            absent.Add(new NotMeasured(Figures.Rate, "the file does not say which requests succeeded"));
        if (good.Count == 0) absent.Add(new NotMeasured(Figures.Latency, "no request succeeded"));
        var schedule = runners.Count == 1 ? runners[0].FromSchedule : [.. runners.SelectMany(r => r.FromSchedule)];
        return Empty with
        {
            Requests = requests,
            Failures = unknown == 0 ? kinds.Values.Sum() : null,
            FailureKinds = kinds.Count > 0 ? kinds : null,
            Dropped = runners.Any(r => r.Dropped is not null) ? runners.Sum(r => r.Dropped ?? 0) : null,
            WindowSeconds = seconds,
            RequestsPerSecond = unknown == 0 ? good.Count / seconds : null,
            EndToEnd = Latencies.Of(schedule, absent),
            Service = Latencies.Of(good, schedule.Count > 0 ? [] : absent),
            Remarks = remarks,
            NotMeasured = absent,
        };
    }

    /// <summary>From when the last runner began until the first one ended; null when times are missing or too coarse to tell.</summary>
    private static (long From, long Until)? Window(IReadOnlyList<ImportedRequests> runners, List<NotMeasured> absent)
    {
        var (from, until, coarse, count) = (long.MinValue, long.MaxValue, true, 0L);
        foreach (var runner in runners)
        {
            var (first, last) = (long.MaxValue, long.MinValue);
            foreach (var request in runner.Requests)
            {
                if (request.Sent == ImportedRequest.Never) return null;
                (first, last) = (Math.Min(first, request.Sent), Math.Max(last, request.End));
                coarse &= request.End % 1_000_000_000 == 0;
                count++;
            }
            (from, until) = (Math.Max(from, first), Math.Min(until, last));
        }
        if (count > 1 && coarse)
        {
            absent.Add(
                new NotMeasured(Figures.Rate, "its times are whole seconds (k6 writes finer ones with K6_CSV_TIME_FORMAT=unix_nano)"));
            return null;
        }
        if (until > from) return (from, until);
        if (runners.Count > 1)
            throw new RunFailedException(
                "the runners never loaded at the same time, so they did not share one load",
                "Give the files of runners that were started together, on machines whose clocks agree");
        absent.Add(new NotMeasured(Figures.Rate, "its requests took no time that was measured"));
        return null;
    }
}
