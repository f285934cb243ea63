using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Statistics;
using ServeBench.Measurement.Streams;

namespace ServeBench.Measurement.Evaluation;

/// <summary>Counts and sorts the samples of one trial after another in the same three buffers.</summary>
public sealed class SampleDigester
{
    /// <summary>Parts of a timeline; multiples of five, so that a fifth of the window is a whole number of parts.</summary>
    private static readonly int[] PartCounts = [20, 10, 5];

    private long[] _endToEnd = [];
    private long[] _service = [];
    private long[] _lag = [];

    /// <summary>Makes every earlier digest of this digester unusable.</summary>
    public SampleDigest Digest(TrialRecord record, SampleTable table)
    {
        Grow(table.Count);
        var outcomes = new int[Outcomes.All.Count];
        var objective = record.Load.ObjectiveP95Seconds is { } seconds
            ? seconds * SampleDigest.NanosecondsPerSecond
            : double.PositiveInfinity;
        int successes = 0, sent = 0, within = 0;
        var failures = new FailureTimes();
        var streams = StreamDigester.Of(record, table);
        long items = 0, bytes = 0, first = long.MaxValue, last = long.MinValue;
        for (var i = 0; i < table.Count; i++)
        {
            ref readonly var row = ref table[i];
            streams?.Add(i, row);
            outcomes[(int)row.Outcome]++;
            // What was never sent has Sent equal to Last, and no lag.
            if (row.Sent < row.Last) _lag[sent++] = row.Lag;
            if (row.Outcome != Outcome.Success)
            {
                failures.Add(row);
                continue;
            }
            _service[successes++] = row.Service;
            items += row.Items;
            first = Math.Min(first, row.Last);
            last = Math.Max(last, row.Last);
            bytes += row.ResponseBytes;
            if (row.EndToEnd <= objective && streams?.IsWithinObjectives != false) within++;
        }

        var parts = new WindowParts(record.WindowSeconds, PartsFor(successes));
        parts.Fill(table.Rows, _endToEnd);
        var timeline = parts.Timeline(_endToEnd);
        var growth = parts.Growth(_endToEnd);
        Array.Sort(_endToEnd, 0, successes);
        Array.Sort(_service, 0, successes);
        Array.Sort(_lag, 0, sent);
        return new SampleDigest(outcomes, _endToEnd.AsMemory(0, successes), _service.AsMemory(0, successes), _lag.AsMemory(0, sent))
        {
            SuccessfulItems = items,
            SuccessfulResponseBytes = bytes,
            WithinObjective = within,
            HeldPerSecond = successes >= 2 && last > first ? (successes - 1) * SampleDigest.NanosecondsPerSecond / (last - first) : null,
            FailureLatencies = failures.Latencies(),
            Timeline = timeline,
            Streams = streams?.Finish(),
            Stages = StageParts.Of(record.Load.Ramp, table.Rows),
            LatencyGrowthSeconds = growth,
        };
    }

    /// <summary>As many parts as still support p95 in each with a third to spare, or, where even ten do not, the median.</summary>
    private static int PartsFor(int successes)
    {
        foreach (var parts in PartCounts.Where(p => p >= 10))
        {
            if (successes >= parts * SampleSupport.Needed(0.95) * 4 / 3) return parts;
        }
        return PartCounts.FirstOrDefault(p => successes >= p * SampleSupport.Needed(0.5) * 4 / 3, PartCounts[^1]);
    }

    private void Grow(int count)
    {
        if (_endToEnd.Length >= count) return;
        // Let go of the old ones first: the largest trial decides how much memory a report needs.
        _endToEnd = _service = _lag = [];
        _endToEnd = new long[count];
        _service = new long[count];
        _lag = new long[count];
    }
}
