using ServeBench.Platform;

namespace ServeBench.Load.Schedules;

/// <summary>
/// A Poisson process: independent, exponentially distributed gaps, -ln(u) / rate with u uniform in (0, 1]
/// (Devroye, Non-Uniform Random Variate Generation, 1986, chapter 2).
/// </summary>
internal sealed class PoissonArrivals(double rate, long seed) : ArrivalSchedule
{
    private readonly Xoshiro256 _random = new(seed);
    private readonly double _meanGap = Gap(rate);
    private long _at;

    public override long Next() => _at += (long)Math.Round(-ExactLogarithm.Of(_random.NextUnit()) * _meanGap);
}
