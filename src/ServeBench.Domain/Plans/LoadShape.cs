using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Plans;

/// <summary>
/// How one case loads a server: one level of a scenario. One class each, which knows its words, its window and what a record keeps of
/// it; how drivers make it is the same class's counterpart in ServeBench.Load, Patterns/.
/// </summary>
public abstract record LoadShape
{
    /// <summary>Short and unique within a scenario, safe in file names: <c>c16</c>, <c>poisson-24.5</c>.</summary>
    public abstract string Id { get; }

    /// <summary>For people: <c>16 in flight</c>, <c>24.5 requests/s (poisson)</c>.</summary>
    public abstract string Title { get; }

    public abstract Loop Loop { get; }

    /// <summary>By which the levels of a scenario are put in order: requests in flight, a rate, or a share.</summary>
    public virtual double Size => 0;

    /// <summary>The course of a load that changes; null for one that stays as it is.</summary>
    public virtual Ramp? Course => null;

    /// <summary>True when its window ends with the largest rate that meets the objectives.</summary>
    public virtual bool FindsMaxRate => false;

    /// <summary>True when it follows from the largest rate that the same deployment was found to have.</summary>
    public virtual bool NeedsMaxRate => false;

    /// <summary>True when requests come on a schedule that does not wait for answers.</summary>
    public bool IsOpen => Loop.IsOpen;

    /// <summary>True when the load stays as it is.</summary>
    public bool IsSteady => Course is null;

    /// <summary>The shape with every rate known; null where that is known only after other rates were measured.</summary>
    /// <param name="ofCeiling">Requests per second that are a share of the raw runtime's rate.</param>
    /// <param name="maxRate">The deployment's max rate; null where it has not been searched.</param>
    public virtual LoadShape? Resolved(Func<double, double> ofCeiling, Func<double>? maxRate) => this;

    /// <summary>The same with no more than so many requests per second where a schedule asks for more; this where none does.</summary>
    public virtual LoadShape Within(double mostPerSecond) => this;

    /// <summary>How long its window is.</summary>
    /// <param name="least">Least length of a window.</param>
    /// <param name="requests">Requests that a window holds at least.</param>
    /// <param name="longest">When it ends even without those.</param>
    public virtual TimeSpan Window(TimeSpan least, int requests, TimeSpan longest) => least;

    /// <summary>Requests that its schedule holds in a window, on average; null without a schedule.</summary>
    /// <param name="seconds">Length of the window.</param>
    public virtual double? Due(double seconds) => null;

    /// <summary>Standard deviation of the requests that are in fact due in a window.</summary>
    /// <param name="due">How many are due on average.</param>
    public virtual double DeviationOfDue(double due) => 0;

    /// <summary>What a record keeps of it.</summary>
    public virtual LoadRecord In(LoadRecord record) => record with { Loop = Loop.Name };

    /// <summary>The shape that a record describes. Of a search it is the load of the probe that is shown.</summary>
    /// <exception cref="InvalidDataException">when it describes none.</exception>
    public static LoadShape Of(LoadRecord record) => (Loop.Named(record.Loop).IsOpen, record) switch
    {
        (false, { Concurrency: { } concurrency }) => new ClosedLoop(concurrency),
        (false, { Ramp: { } ramp }) => new ClosedRamp(Ramp.Of(ramp)),
        (true, { Ramp: { } ramp }) => new OpenRamp(Ramp.Of(ramp)),
        (true, { RatePerSecond: { } rate }) => new OpenLoop(record.Arrivals ?? ArrivalProcesses.Constant, rate),
        _ => throw new InvalidDataException($"a record of a load in {record.Loop} loop has neither a level nor a ramp"),
    };
}
