using ServeBench.Domain.Plans;

namespace ServeBench.Load.Schedules;

/// <summary>
/// Arrivals under a rate that changes in straight lines, as k6 spaces them (lib/executor/ramping_arrival_rate.go, cal()): the k-th,
/// from 0, is due when the area under the rate is k + 1. Within a stage from rate a to rate b in d seconds, r arrivals after its
/// start, that is at t = 2 r / (a + sqrt(a^2 + 2 r (b - a) / d)): k6's root of a t + (b - a) t^2 / (2 d) = r, in the form that
/// also holds where a = b. After the last stage its rate goes on.
/// </summary>
internal sealed class RampArrivals : ArrivalSchedule
{
    private readonly (double From, double To, double Seconds, double Start, double Before)[] _stages;
    private readonly double _end;
    private readonly double _arrivals;
    private readonly double _last;
    private long _next;

    /// <param name="ramp">Requests per second.</param>
    public RampArrivals(Ramp ramp)
    {
        _stages = new (double From, double To, double Seconds, double Start, double Before)[ramp.Stages.Count];
        var from = ramp.Start;
        for (var i = 0; i < _stages.Length; i++)
        {
            var (to, seconds) = (ramp.Stages[i].Target, ramp.Stages[i].Duration.TotalSeconds);
            _stages[i] = (from, to, seconds, _end, _arrivals);
            _end += seconds;
            _arrivals += seconds * (from + to) / 2;
            from = to;
        }
        _last = from;
    }

    /// <summary>How many arrivals the stages hold, with a fraction.</summary>
    public double Area => _arrivals;

    public override long Next() => At(_next++);

    /// <summary>
    /// When an arrival is due, nanoseconds from the start of the first stage; <see cref="ArrivalSchedule.Never"/> when the rate
    /// has gone down to 0 before it.
    /// </summary>
    /// <param name="place">From 0.</param>
    public long At(long place)
    {
        foreach (var (from, to, seconds, start, before) in _stages)
        {
            var rest = place + 1 - before;
            if (rest > seconds * (from + to) / 2) continue;
            return (long)Math.Round(
                (start + 2 * rest / (from + Math.Sqrt(Math.Max(0, from * from + 2 * rest * (to - from) / seconds)))) * 1e9);
        }
        return _last > 0 ? (long)Math.Round((_end + (place + 1 - _arrivals) / _last) * 1e9) : Never;
    }
}
