using ServeBench.Domain.Plans;
using ServeBench.Domain.Workloads;
using ServeBench.Load.K6.Results;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.Patterns;

/// <summary>Arrivals that are independent of each other. k6 has none of those: a script of ours reads them from a file.</summary>
internal sealed class PoissonPattern(OpenLoop shape) : RatedPattern(shape)
{
    /// <summary>Keeps the arrivals of a script that are outside the window apart from the window's.</summary>
    private const long MarginSeed = 0x52756e496e;

    /// <summary>k6 drops none: the script itself notices that a user was late.</summary>
    public override string DroppedMetric => "dropped_arrivals";

    /// <summary>Exactly as many arrivals as its rate and the window's length ask.</summary>
    public override ArrivalSchedule OfWindow(TimeSpan length, long seed) =>
        new WindowArrivals(Rate, length.Ticks * TimeSpan.NanosecondsPerTick, seed);

    public override ArrivalSchedule RunIn(long seed) => new PoissonArrivals(Rate, seed);

    /// <summary>The schedule and six standard deviations more.</summary>
    public override double ExpectedSamples(LoadJob job, double warmUpRate)
    {
        var due = Rate * job.Measure.TotalSeconds;
        return due + 6 * Math.Sqrt(due);
    }

    public override void Describe(Dictionary<string, object> values)
    {
        base.Describe(values);
        values["scheduledArrivals"] = true;
    }

    /// <summary>
    /// Those before the window, those of the window, which begin again from the seed and are the native driver's, exactly as many
    /// as rate and
    /// length ask, and those that keep the load up until the last of the window is answered.
    /// </summary>
    public override long[] ArrivalsOfScript(long seed, TimeSpan margin, TimeSpan window)
    {
        var (before, length) = ((long)(margin.TotalSeconds * 1e9), window.Ticks * TimeSpan.NanosecondsPerTick);
        return
        [
            .. Take(RunIn(seed ^ MarginSeed), before),
            .. Take(OfWindow(window, seed), length).Select(t => before + t),
            .. Take(RunIn(seed ^ ~MarginSeed), before).Select(t => before + length + t),
        ];
    }

    public override IEnumerable<(Iteration Iteration, long Intended)> Due(IEnumerable<Iteration> ended, CaseTiming timing, long zero) =>
        ended.Select(i => (i, zero + timing.Arrivals[i.Number]));

    private static IEnumerable<long> Take(ArrivalSchedule schedule, long until)
    {
        for (var at = schedule.Next(); at < until; at = schedule.Next()) yield return at;
    }

    internal sealed class Maker : IPatternMaker
    {
        public LoadPattern? Of(LoadShape shape) =>
            shape is OpenLoop { Arrivals: ArrivalProcesses.Poisson } own ? new PoissonPattern(own) : null;
    }
}
