using ServeBench.Domain.Plans;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.K6.Results;

/// <summary>
/// When the requests of a closed loop were due. One is due when its slot becomes free: when the iteration before it on the same
/// VU ended. Where the concurrency went down and up again, a VU had rested meanwhile, and its first request after that was due
/// when the concurrency went up.
/// </summary>
internal static class Slots
{
    /// <summary>How far the planned times of steps may be from those of k6, whose scenario starts when its VUs are ready.</summary>
    private const long Tolerance = 50_000_000;

    public static IEnumerable<(Iteration Iteration, long Intended)> Of(IEnumerable<Iteration> iterations) => Of(iterations, null, 0);

    /// <param name="iterations">Those that have ended.</param>
    /// <param name="ramp">How the concurrency changes; null when it does not.</param>
    /// <param name="zero">Unix nanoseconds of the ramp's start.</param>
    public static IEnumerable<(Iteration Iteration, long Intended)> Of(IEnumerable<Iteration> iterations, Ramp? ramp, long zero)
    {
        ConcurrencyStep[] steps = ramp is null ? [] : [new ConcurrencyStep(0, (int)ramp.Start), .. ConcurrencySteps.Of(ramp)];
        var changes = steps
            .Zip(steps.Skip(1))
            .Select(c => (At: zero + c.Second.At, Rises: c.Second.Concurrency > c.First.Concurrency))
            .ToArray();
        var rises = changes.Where(c => c.Rises).Select(c => c.At).ToArray();
        var falls = changes.Where(c => !c.Rises).Select(c => c.At).ToArray();
        foreach (var user in iterations.GroupBy(i => i.User))
        {
            long? free = null;
            foreach (var iteration in user.OrderBy(i => i.Start))
            {
                yield return (iteration, user.Key >= 0 && free is { } end && end <= iteration.Start
                    ? Due(end, iteration.Start)
                    : iteration.Start);
                free = iteration.End;
            }
        }

        long Due(long end, long start)
        {
            var rise = rises.LastOrDefault(r => r <= start + Tolerance);
            return rise > end && falls.Any(f => f >= end - Tolerance && f <= rise) ? Math.Min(rise, start) : end;
        }
    }
}
