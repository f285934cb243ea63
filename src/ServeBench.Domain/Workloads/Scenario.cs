using ServeBench.Domain.Plans;

namespace ServeBench.Domain.Workloads;

/// <summary>
/// One way of loading a server: a loop and its levels (method.md, rule 1: a scenario answers one question). One class each, which also
/// reads its part of a workload file (<see cref="IScenarioKind"/>).
/// </summary>
public abstract record Scenario
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>
    /// <see cref="Questions.Capacity"/> for closed loops and searches, <see cref="Questions.Latency"/> for open ones,
    /// <see cref="Questions.Ramp"/> for loads that change.
    /// </summary>
    public abstract string Question { get; }

    /// <summary>Names of the profiles this scenario is part of.</summary>
    public abstract IReadOnlyCollection<string> Profiles { get; }

    /// <summary>True when it searches the largest rate that meets the objectives.</summary>
    public virtual bool FindsMaxRate => false;

    /// <summary>True when its levels are shares of that rate, so that another scenario has to find it.</summary>
    public virtual bool NeedsMaxRate => false;

    /// <summary>Its levels.</summary>
    /// <param name="profile">Name of one of its profiles.</param>
    /// <param name="ofCeiling">Requests per second that are a share of the raw runtime's rate, as far as that is known beforehand.</param>
    public abstract IEnumerable<LoadShape> Shapes(string profile, Func<double, double> ofCeiling);
}

/// <summary>Requests per second, absolute or as a share of what the raw runtime reaches on the same inputs (Ceiling).</summary>
/// <param name="PerSecond">Absolute rate, or null.</param>
/// <param name="OfCeiling">Share of the ceiling, or null. The same ceiling for every stack, so all get the same rate.</param>
public sealed record ArrivalRate(double? PerSecond, double? OfCeiling)
{
    /// <summary>Requests per second.</summary>
    public double Of(Func<double, double> ofCeiling) => PerSecond ?? ofCeiling(OfCeiling!.Value);
}

/// <summary>The questions that the program's own scenarios name; never mixed in one column.</summary>
public static class Questions
{
    public const string Capacity = "capacity";
    public const string Latency = "latency";

    /// <summary>
    /// How latency follows a load that changes. It has no answer: nothing about a ramp is steady enough to be compared (method.md,
    /// rule 17).
    /// </summary>
    public const string Ramp = "ramp";
}

/// <summary>Arrival processes of an open loop.</summary>
public static class ArrivalProcesses
{
    public const string Constant = "constant";
    public const string Poisson = "poisson";

    public static IReadOnlyList<string> All { get; } = [Constant, Poisson];
}
