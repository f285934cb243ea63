using ServeBench.Domain.Trials;
using ServeBench.Platform;
using ServeBench.Platform.Linux;

namespace ServeBench.Load.Calibration;

/// <summary>
/// How late this machine wakes a thread that sleeps, whatever program it belongs to: some microseconds where processors do not halt,
/// a tenth of a millisecond and more where a hypervisor has to wake them first.
/// </summary>
internal static class WakeUpProbe
{
    private const int Sleeps = 200;
    private const long Sleep = 1_000_000;

    /// <returns>Null where there is no epoll.</returns>
    public static WakeUpPoint? Measure()
    {
        if (!Epoll.IsSupported) return null;
        using var epoll = new Epoll();
        var late = new long[Sleeps];
        for (var i = 0; i < Sleeps; i++)
        {
            var until = MonotonicClock.System.Now + Sleep;
            while (MonotonicClock.System.Now < until) _ = epoll.Wait(until);
            late[i] = MonotonicClock.System.Now - until;
        }
        Array.Sort(late);
        return new WakeUpPoint(Quantiles.Seconds(late, 0.50), Quantiles.Seconds(late, 0.95));
    }
}
