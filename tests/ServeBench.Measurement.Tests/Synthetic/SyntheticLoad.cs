using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;

namespace ServeBench.Synthetic;

/// <summary>Samples as a driver would have written them.</summary>
internal static class SyntheticLoad
{
    public static SampleTable Samples(SyntheticBehaviour behaviour, LoadRecord load, double windowSeconds, Dice dice)
    {
        var speed = 1 + (behaviour.TrialNoise * dice.Bell());
        var rows = load.Loop == "closed" ? Closed(behaviour, load, windowSeconds, speed, dice) : Open(behaviour, load, windowSeconds, speed, dice);
        var table = new SampleTable();
        foreach (var row in rows.OrderBy(r => r.Last).ThenBy(r => r.Intended)) table.Add(row);
        if (behaviour.Tokens > 0) AddTokens(table, behaviour.Tokens, dice);
        return table;
    }

    /// <summary>A third of the time is the first token's; the gaps after it are alike but for some noise.</summary>
    private static void AddTokens(SampleTable table, int tokens, Dice dice)
    {
        var (events, counts) = (table.Add(new SampleSeries(SampleSeries.Events)), table.Add(new SampleSeries(SampleSeries.Tokens)));
        for (var i = 0; i < table.Count; i++)
        {
            if (table[i].Outcome != Outcome.Success) continue;
            var first = table[i].Service / 3;
            var gap = (table[i].Service - first) / tokens;
            long[] times = [.. Enumerable.Range(0, tokens).Select(t => first + (t * gap) + (long)(0.3 * gap * dice.Next()))];
            events.Set(i, times);
            counts.Set(i, [.. times.Select(_ => 1L)]);
        }
    }

    /// <summary>Every slot sends its next request when the last one is answered; at the start the slots are spread over one answer's time.</summary>
    private static IEnumerable<Sample> Closed(SyntheticBehaviour behaviour, LoadRecord load, double windowSeconds, double speed, Dice dice)
    {
        var mean = load.Concurrency!.Value * load.ItemsPerRequest / (behaviour.ItemsPerSecond * speed);
        var payload = 0;
        for (var slot = 0; slot < load.Concurrency; slot++)
        {
            var at = mean * dice.Next();
            while (at < windowSeconds)
            {
                var latency = mean * dice.Skewed();
                yield return Row(behaviour, load, at, latency, dice, payload++);
                at += latency;
            }
        }
    }

    /// <summary>Arrivals of a Poisson process, given their number: uniform over the window.</summary>
    private static IEnumerable<Sample> Open(SyntheticBehaviour behaviour, LoadRecord load, double windowSeconds, double speed, Dice dice)
    {
        if (load.Ramp is { } ramp)
        {
            foreach (var row in Changing(behaviour, load, ramp, speed, dice)) yield return row;
            yield break;
        }
        var expected = load.RatePerSecond!.Value * windowSeconds;
        var count = (int)Math.Round(expected + (Math.Sqrt(expected) * dice.Bell() * 0.5));
        for (var i = 0; i < count; i++)
        {
            var at = windowSeconds * dice.Next();
            var latency = (behaviour.LatencySeconds / speed * dice.Skewed() * (dice.Next() < 0.1 ? 2.2 : 1)) + (behaviour.Growth * at);
            yield return Row(behaviour, load, at, latency, dice, i);
        }
    }

    /// <summary>Arrivals spaced evenly under the rate; latency grows with it.</summary>
    private static IEnumerable<Sample> Changing(SyntheticBehaviour behaviour, LoadRecord load, RampRecord ramp, double speed, Dice dice)
    {
        const double step = 1e-4;
        var (rate, start, area, count) = (ramp.Start, 0.0, 0.0, 0);
        foreach (var stage in ramp.Stages)
        {
            for (var t = 0.0; t < stage.Seconds; t += step)
            {
                var now = rate + ((stage.Target - rate) * t / stage.Seconds);
                area += now * step;
                if (area < count + 1) continue;
                yield return Row(behaviour, load, start + t, behaviour.LatencySeconds / speed * dice.Skewed() * (1 + (now / 60)), dice, count++);
            }
            (rate, start) = (stage.Target, start + stage.Seconds);
        }
    }

    private static Sample Row(SyntheticBehaviour behaviour, LoadRecord load, double at, double latency, Dice dice, int payload)
    {
        var intended = (long)(at * 1e9);
        var last = intended + (long)(latency * 1e9);
        var outcome = dice.Next() < behaviour.FailureShare ? behaviour.Failure : Outcome.Success;
        var sent = outcome is Outcome.Dropped or Outcome.Refused ? last : Math.Min(last - 1, intended + 18_000 + (long)(dice.Next() * 30_000));
        var status = outcome switch { Outcome.Success or Outcome.WrongAnswer => 200, Outcome.ServerError => 503, Outcome.ClientError => 429, _ => 0 };
        return new Sample(intended, sent, outcome == Outcome.Success ? Math.Max(sent, last - 120_000) : last, last, outcome, (ushort)status,
            load.ItemsPerRequest, outcome == Outcome.Success ? 4100 * load.ItemsPerRequest : 60, payload % load.DistinctPayloads);
    }
}
