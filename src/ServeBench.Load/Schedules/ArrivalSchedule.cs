using ServeBench.Domain.Plans;
using ServeBench.Domain.Workloads;

namespace ServeBench.Load.Schedules;

/// <summary>When the requests of an open loop are to be sent: an endless, rising series of nanoseconds from its start.</summary>
internal abstract class ArrivalSchedule
{
    /// <summary>The time of an arrival that does not come.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The next arrival, nanoseconds after the schedule's start; <see cref="Never"/> when there are no more.</summary>
    public abstract long Next();

    /// <param name="shape">An open loop.</param>
    /// <param name="seed">Equal seeds give equal arrivals.</param>
    public static ArrivalSchedule Create(LoadShape shape, long seed) => shape switch
    {
        OpenLoop open => Create(open.Arrivals, open.Rate, seed),
        OpenRamp ramp => new RampArrivals(ramp.Ramp),
        _ => throw new ArgumentException($"{shape.Title} has no schedule", nameof(shape)),
    };

    /// <summary>The arrivals of a measured window: of a Poisson process exactly as many as its rate and the window's length ask.</summary>
    /// <param name="shape">An open loop.</param>
    /// <param name="length">Length of the window.</param>
    /// <param name="seed">Equal seeds give equal arrivals.</param>
    public static ArrivalSchedule OfWindow(LoadShape shape, TimeSpan length, long seed) => shape is OpenLoop { Arrivals: ArrivalProcesses.Poisson } open
        ? new WindowArrivals(open.Rate, length.Ticks * TimeSpan.NanosecondsPerTick, seed)
        : Create(shape, seed);

    /// <param name="arrivals">One of <see cref="ArrivalProcesses.All"/>.</param>
    /// <param name="rate">Arrivals per second, more than 0.</param>
    /// <param name="seed">Equal seeds give equal arrivals.</param>
    public static ArrivalSchedule Create(string arrivals, double rate, long seed)
    {
        if (!(rate > 0) || !double.IsFinite(rate)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "arrivals need a rate above 0");
        return arrivals switch
        {
            ArrivalProcesses.Constant => new ConstantArrivals(rate),
            ArrivalProcesses.Poisson => new PoissonArrivals(rate, seed),
            _ => throw new ArgumentException($"no arrival process is called '{arrivals}'; known: {string.Join(", ", ArrivalProcesses.All)}", nameof(arrivals)),
        };
    }
}
