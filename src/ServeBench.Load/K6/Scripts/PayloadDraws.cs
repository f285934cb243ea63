using System.Text;
using ServeBench.Load.Patterns;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.K6.Scripts;

/// <summary>
/// Which payload each request of a k6 case draws, so that warm-up and window are disjoint (docs/decisions/0031). Where the schedule tells
/// which arrivals are the window's, these draw what the native driver's do, in the same order, and those before and after it draw from the
/// warm-up's. The iterations of a closed loop cannot know when the window begins: all of the measuring scenario draw from the window's.
/// </summary>
public sealed class PayloadDraws
{
    private PayloadDraws(int[] warmUp, int[] measure) => (WarmUp, Measure) = (warmUp, measure);

    /// <summary>The payload of the warm-up's n-th iteration; round and round.</summary>
    public IReadOnlyList<int> WarmUp { get; }

    /// <summary>The payload of the measuring scenario's n-th iteration; round and round.</summary>
    public IReadOnlyList<int> Measure { get; }

    /// <param name="job">The case.</param>
    /// <param name="margin">Load before and after the window.</param>
    /// <param name="arrivals">Of Poisson's process, nanoseconds from the start of the schedule; empty otherwise.</param>
    internal static PayloadDraws Of(LoadJob job, TimeSpan margin, IReadOnlyList<long> arrivals)
    {
        var all = new PayloadStretch(0, job.Payloads.Requests.Count);
        var (warmUp, window) = job.Slices is { } slices ? (slices.WarmUp, slices.Window) : (all, all);
        var first = Round(new PayloadOrder(warmUp), warmUp.Count);
        if (Due(job, margin, arrivals) is not { } due) return new PayloadDraws(first, Round(new PayloadOrder(window), window.Count));
        // The margins begin half a round further, so that what the warm-up has just sent does not come again at once.
        var beside = new PayloadOrder(warmUp with { At = warmUp.At + (warmUp.Count / 2) });
        var measured = new PayloadOrder(window, job.Slices is null ? null : job.OrderSeed);
        var (from, until) = (Nanoseconds(margin), Nanoseconds(margin + job.Measure));
        return new PayloadDraws(first, [.. due.Select(at => (at >= from && at < until ? measured : beside).Next())]);
    }

    /// <summary>Writes a JSON object with both.</summary>
    public void Write(string path)
    {
        var text = new StringBuilder("{\n");
        text.Append("\"warmUp\": [").AppendJoin(',', WarmUp).Append("],\n");
        text.Append("\"measure\": [").AppendJoin(',', Measure).Append("]\n}\n");
        File.WriteAllText(path, text.ToString());
    }

    /// <summary>When every arrival of the measuring scenario is due; null in a closed loop, and where there is none.</summary>
    private static long[]? Due(LoadJob job, TimeSpan margin, IReadOnlyList<long> arrivals)
    {
        var end = Nanoseconds(margin + job.Measure + margin);
        if (arrivals.Count > 0) return [.. arrivals];
        if (LoadPattern.Of(job.Shape).PlacesOfK6(margin) is not { } places) return null;
        long[] due = [.. Enumerable.Range(0, int.MaxValue).Select(places).TakeWhile(at => at < end)];
        return due.Length == 0 ? null : due;
    }

    private static int[] Round(PayloadOrder order, int count) => [.. Enumerable.Range(0, count).Select(_ => order.Next())];

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
