using ServeBench.Domain.Plans;

namespace ServeBench.Load.Schedules;

/// <summary>
/// When a closed loop whose concurrency changes gets one request more or one less in flight, as k6's ramping-vus does it
/// (lib/executor/ramping_vus.go, getRawExecutionSteps()): the moment in which the straight line between two targets comes to
/// the next whole number. A stage of no length jumps.
/// </summary>
internal static class ConcurrencySteps
{
    /// <param name="ramp">Requests in flight, whole numbers.</param>
    /// <returns>Every change, in order.</returns>
    public static IReadOnlyList<ConcurrencyStep> Of(Ramp ramp)
    {
        var steps = new List<ConcurrencyStep>();
        var (from, start) = ((int)ramp.Start, 0L);
        foreach (var stage in ramp.Stages)
        {
            var (to, length) = ((int)stage.Target, stage.Duration.Ticks * TimeSpan.NanosecondsPerTick);
            var way = Math.Sign(to - from);
            if (length == 0 && way != 0) steps.Add(new ConcurrencyStep(start, to));
            for (var n = from + way; length > 0 && way != 0 && n != to + way; n += way)
                steps.Add(new ConcurrencyStep(start + length * (n - from) / (to - from), n));
            (from, start) = (to, start + length);
        }
        return steps;
    }
}

/// <param name="At">Nanoseconds from the start of the first stage.</param>
/// <param name="Concurrency">Requests in flight from then on.</param>
internal readonly record struct ConcurrencyStep(long At, int Concurrency);
