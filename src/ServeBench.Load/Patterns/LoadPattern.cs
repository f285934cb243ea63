using ServeBench.Domain.Plans;
using ServeBench.Load.K6.Results;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.Patterns;

/// <summary>
/// How a load shape is made, by our own driver and by k6: one class for each shape that can be made, the counterpart of its words in
/// Domain. Each has its <see cref="IPatternMaker"/> inside; nothing else asks which shape it is.
/// </summary>
/// <param name="shape">The shape.</param>
internal abstract class LoadPattern(LoadShape shape)
{
    protected LoadShape Shape { get; } = shape;

    /// <exception cref="ArgumentException">when a rate of the shape is not known yet, or no pattern is of it.</exception>
    public static LoadPattern Of(LoadShape shape) => KnownPatterns.Of(shape)
        ?? throw new ArgumentException(
            $"a load of {shape.Title} cannot be made: its rate is not known yet, or no pattern makes it; there are "
                + string.Join(", ", KnownPatterns.NamesFor(shape)),
            nameof(shape));

    /// <summary>Whether a window of that length can hold the shape.</summary>
    public abstract bool Fits(TimeSpan window);

    /// <summary>Connections that our driver may need.</summary>
    public abstract int Connections(LoadJob job);

    /// <summary>Requests in flight while the server warms up; of a closed loop, those that the window begins with.</summary>
    /// <param name="usual">Of a warm-up that has no number of its own.</param>
    public virtual int WarmUpConcurrency(int usual) => usual;

    /// <summary>Changes of the requests in flight over the window, in order.</summary>
    public virtual IReadOnlyList<ConcurrencyStep> Steps => [];

    /// <summary>Whether the end of a request ends the window. Stages end by the clock, and so does a schedule.</summary>
    public virtual bool EndsWithRequest => false;

    /// <summary>The arrivals of the window; null where answers make the requests.</summary>
    /// <param name="length">Length of the window.</param>
    /// <param name="seed">Equal seeds give equal arrivals.</param>
    public virtual ArrivalSchedule? OfWindow(TimeSpan length, long seed) => null;

    /// <summary>The arrivals before the window, at the rate with which it begins; null where answers make the requests.</summary>
    public virtual ArrivalSchedule? RunIn(long seed) => null;

    /// <summary>Samples to make room for; the table grows if need be.</summary>
    /// <param name="job">The load.</param>
    /// <param name="warmUpRate">The highest rate of the warm-up, successes per second; 0 without one.</param>
    public abstract double ExpectedSamples(LoadJob job, double warmUpRate);

    /// <summary>What a case of this shape asks, for people who read its script.</summary>
    public abstract string Question { get; }

    /// <summary>How many of k6's virtual users a case needs: each holds one request at a time.</summary>
    /// <param name="deadline">The longest that a request can take.</param>
    /// <param name="latencyP95">The objective, which tells how long requests should take at most.</param>
    public abstract int Users(TimeSpan deadline, TimeSpan? latencyP95);

    /// <summary>The metric of a script that counts arrivals which were dropped; null where there are none.</summary>
    public virtual string? DroppedMetric => null;

    /// <summary>Adds what the templates of scripts name of a load.</summary>
    public virtual void Describe(Dictionary<string, object> values)
    {
        values["closed"] = !Shape.IsOpen;
        values["open"] = Shape.IsOpen;
        foreach (var flag in (string[])[
            "constantUsers",
            "rampingUsers",
            "rampingArrivals",
            "ramps",
            "ratedArrivals",
            "constantArrivals",
            "scheduledArrivals"])
            values[flag] = false;
        Script.AddRate(values, null);
        Script.AddRamp(values, Shape.Course);
    }

    /// <summary>
    /// Arrivals that a script reads from a file beside it, nanoseconds from the start of its schedule; empty where k6 makes its
    /// own.
    /// </summary>
    public virtual long[] ArrivalsOfScript(long seed, TimeSpan margin, TimeSpan window) => [];

    /// <summary>
    /// When k6 makes the arrival at a place of its schedule, nanoseconds from the schedule's zero; null where k6 does not make arrivals
    /// at a rate.
    /// </summary>
    /// <param name="margin">Load before and after the window.</param>
    public virtual Func<int, long>? PlacesOfK6(TimeSpan margin) => null;

    /// <summary>Whether k6 starts the schedule only when all its users are ready, without telling when that was.</summary>
    public virtual bool WaitsForUsers => false;

    /// <summary>When each request of a script was due, where k6 does not make arrivals at a rate.</summary>
    /// <param name="ended">The iterations that have ended.</param>
    /// <param name="timing">What they are held against.</param>
    /// <param name="zero">Unix nanoseconds of the schedule's zero.</param>
    public virtual IEnumerable<(Iteration Iteration, long Intended)> Due(IEnumerable<Iteration> ended, CaseTiming timing, long zero) =>
        Slots.Of(ended);
}
