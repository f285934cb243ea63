using ServeBench.Load.Schedules;
using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>Hands out payloads: those of the window while it is open, those of the warm-up before and after.</summary>
internal sealed class PayloadFeed
{
    private readonly PayloadOrder _warmUp;
    private readonly PayloadOrder _window;

    public PayloadFeed(LoadJob job)
    {
        var all = new PayloadStretch(0, job.Payloads.Requests.Count, StartOf(job));
        var slices = job.Slices ?? new PayloadSlices(all, all);
        _warmUp = new PayloadOrder(slices.WarmUp);
        // Where arrivals are independent of each other, so is what arrives; a closed loop keeps the mix.
        _window = new PayloadOrder(slices.Window, job is { Shape.IsOpen: true, Slices: not null } ? job.OrderSeed : null);
    }

    /// <summary>Requests that were not the window's.</summary>
    public int OutsideWindow => _warmUp.Taken;

    public int Next(LoadPhase phase) => phase == LoadPhase.Window ? _window.Next() : _warmUp.Next();

    /// <summary>A seeded place at which a mix begins.</summary>
    private static int StartOf(LoadJob job)
    {
        var (count, mix) = (job.Payloads.Requests.Count, job.Payloads.Mix);
        return new Xoshiro256(job.OrderSeed).NextBelow(Math.Max(1, count / mix)) * mix;
    }
}
