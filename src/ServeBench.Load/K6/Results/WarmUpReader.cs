using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Load.Native;

namespace ServeBench.Load.K6.Results;

/// <summary>
/// Looks at a warm-up of fixed length afterwards, in the same windows and by the same measure as the native driver's: whether
/// the server had settled when it ended.
/// </summary>
internal static class WarmUpReader
{
    public static WarmUpRecord Read(RawResult raw, CaseTiming timing)
    {
        var meter = new WarmUpMeter();
        var length = timing.WarmUpWindow.Ticks * TimeSpan.NanosecondsPerTick;
        var requests = Slots.Of(raw.WarmUp.Where(i => i.End != 0))
            .Where(i => i.Iteration.RequestEnd != 0 && K6Outcome.Of(i.Iteration, timing.ExpectedStatus) == Outcome.Success)
            .Select(i => (End: i.Iteration.RequestEnd, Latency: i.Iteration.RequestEnd - i.Intended))
            .OrderBy(r => r.End).ToArray();
        var at = 0;
        for (var window = 1; window <= (int)(timing.WarmUp / timing.WarmUpWindow); window++)
        {
            for (; at < requests.Length && requests[at].End < raw.TestStart + window * length; at++) meter.Succeeded(requests[at].Latency);
            meter.Close(length);
        }
        return new WarmUpRecord(meter.Settled, timing.WarmUp.TotalSeconds, meter.Windows, FixedLength: true);
    }
}
