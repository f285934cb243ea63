using ServeBench.Domain.Plans;

namespace ServeBench.Load.K6.Scripts;

/// <summary>How many of k6's virtual users a case needs: each holds one request at a time.</summary>
internal static class VirtualUsers
{
    /// <summary>As many connections as the native driver may have; a VU costs k6 a megabyte and more.</summary>
    private const int Most = 1000;

    private const int Least = 20;

    /// <param name="shape">The load.</param>
    /// <param name="deadline">The longest that a request can take.</param>
    /// <param name="latencyP95">The objective, which tells how long requests should take at most.</param>
    /// <returns>
    /// A closed loop's greatest concurrency; for an open loop the arrivals, at its greatest rate, of four times the objective, or of two seconds where there is
    /// none. A server that holds more than that open has lost its rate, and the arrivals dropped then say so.
    /// </returns>
    public static int Of(LoadShape shape, TimeSpan deadline, TimeSpan? latencyP95)
    {
        if (shape is ClosedLoop closed) return closed.Concurrency;
        if (shape is ClosedRamp ramp) return (int)ramp.Ramp.Greatest;
        var rate = shape.Course?.Greatest ?? ((OpenLoop)shape).Rate;
        var longest = latencyP95 is { } objective ? Math.Max(0.5, 4 * objective.TotalSeconds) : 2;
        return (int)Math.Clamp(Math.Ceiling(rate * Math.Min(deadline.TotalSeconds, longest)), Least, Most);
    }
}
