using ServeBench.Platform;

namespace ServeBench.Load.Schedules;

/// <summary>
/// A Poisson process of which it is given that exactly so many arrivals fall into the window: they are then independent and uniform
/// over it (Ross, Stochastic Processes, theorem 2.3.1). So every window has the rate that is named, and not one that is a few per
/// cent off by chance. Their order statistics come without sorting, as partial sums of n + 1 exponential gaps over the sum of all
/// (Devroye, 1986, chapter 5). After the window the process goes on without condition.
/// </summary>
internal sealed class WindowArrivals : ArrivalSchedule
{
    private readonly long[] _arrivals;
    private readonly PoissonArrivals _after;
    private readonly long _length;
    private int _next;

    /// <param name="rate">Arrivals per second.</param>
    /// <param name="length">Length of the window, nanoseconds; it gets the nearest whole number of arrivals to rate x length.</param>
    /// <param name="seed">Equal seeds give equal arrivals.</param>
    public WindowArrivals(double rate, long length, long seed)
    {
        var random = new Xoshiro256(seed);
        var count = (int)Math.Round(rate * length / 1e9);
        var sums = new double[count + 1];
        var sum = 0.0;
        for (var i = 0; i <= count; i++) sums[i] = sum -= ExactLogarithm.Of(random.NextUnit());
        // Below the length, however the last one is rounded: the window ends there.
        _arrivals = [.. sums.Take(count).Select(s => Math.Min(length - 1, (long)(s / sum * length)))];
        _length = length;
        _after = new PoissonArrivals(rate, ~seed);
    }

    /// <summary>Arrivals in the window.</summary>
    public int Count => _arrivals.Length;

    public override long Next() => _next < _arrivals.Length ? _arrivals[_next++] : _length + _after.Next();
}
