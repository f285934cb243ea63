using ServeBench.Domain.Plans;

namespace ServeBench.Domain.Workloads;

/// <summary>One way of loading a server: a loop and its levels (method.md, rule 1: a scenario answers one question).</summary>
public abstract record Scenario
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary><see cref="Questions.Capacity"/> for closed loops and searches, <see cref="Questions.Latency"/> for open ones, <see cref="Questions.Ramp"/> for loads that change.</summary>
    public abstract string Question { get; }

    /// <summary>Names of the profiles this scenario is part of.</summary>
    public abstract IReadOnlyCollection<string> Profiles { get; }
}

/// <summary>A fixed number of requests in flight, one level after the other.</summary>
/// <param name="Concurrency">Requests in flight, by profile name.</param>
public sealed record ClosedScenario(IReadOnlyDictionary<string, IReadOnlyList<int>> Concurrency) : Scenario
{
    public override string Question => Questions.Capacity;

    public override IReadOnlyCollection<string> Profiles => [.. Concurrency.Keys];
}

/// <summary>Arrivals on a schedule that does not wait for answers.</summary>
/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Rates">The rates, by profile name.</param>
public sealed record OpenScenario(string Arrivals, IReadOnlyDictionary<string, IReadOnlyList<ArrivalRate>> Rates) : Scenario
{
    public override string Question => Questions.Latency;

    public override IReadOnlyCollection<string> Profiles => [.. Rates.Keys];
}

/// <summary>A search for the largest open-loop rate that meets the workload's objectives: the headline of capacity.</summary>
/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Searches">How it is searched, by profile name.</param>
public sealed record SearchScenario(string Arrivals, IReadOnlyDictionary<string, SearchSpec> Searches) : Scenario
{
    public override string Question => Questions.Capacity;

    public override IReadOnlyCollection<string> Profiles => [.. Searches.Keys];
}

/// <param name="Probes">Rates tried at most.</param>
/// <param name="Probe">Least length of one probe.</param>
/// <param name="Requests">Requests that a probe has at least, where that does not take more than three times its length.</param>
/// <param name="Resolution">The search is over when the smallest rate that failed is at most so much above the largest that was met, as a share.</param>
public sealed record SearchSpec(int Probes, TimeSpan Probe, int Requests, double Resolution)
{
    /// <summary>The rate to begin with, requests per second; null to begin at a share of what the raw runtime serves.</summary>
    public double? Start { get; init; }
}

/// <summary>Steps of each stack's own max rate, to show what overload does to it and how it recovers; compared with nothing.</summary>
/// <param name="Steps">By profile name.</param>
public sealed record OverloadScenario(IReadOnlyDictionary<string, OverloadSpec> Steps) : Scenario
{
    public override string Question => Questions.Ramp;

    public override IReadOnlyCollection<string> Profiles => [.. Steps.Keys];
}

/// <param name="Shares">Shares of the stack's own max rate as it was found on the same deployment, one after the other.</param>
/// <param name="Each">How long each is held.</param>
public sealed record OverloadSpec(IReadOnlyList<double> Shares, TimeSpan Each);

/// <summary>Requests per second, absolute or as a share of what the raw runtime reaches on the same inputs (Ceiling).</summary>
/// <param name="PerSecond">Absolute rate, or null.</param>
/// <param name="OfCeiling">Share of the ceiling, or null. The same ceiling for every stack, so all get the same rate.</param>
public sealed record ArrivalRate(double? PerSecond, double? OfCeiling);

/// <summary>A closed loop whose concurrency changes while it is measured.</summary>
/// <param name="Ramps">Requests in flight, by profile name.</param>
public sealed record ClosedRampScenario(IReadOnlyDictionary<string, Ramp> Ramps) : Scenario
{
    public override string Question => Questions.Ramp;

    public override IReadOnlyCollection<string> Profiles => [.. Ramps.Keys];
}

/// <summary>An open loop whose rate changes while it is measured.</summary>
/// <param name="Ramps">The courses, by profile name.</param>
public sealed record OpenRampScenario(IReadOnlyDictionary<string, RateRamp> Ramps) : Scenario
{
    public override string Question => Questions.Ramp;

    public override IReadOnlyCollection<string> Profiles => [.. Ramps.Keys];
}

/// <param name="Start">The rate it starts with.</param>
/// <param name="Stages">In order, at least one.</param>
public sealed record RateRamp(ArrivalRate Start, IReadOnlyList<RateStage> Stages);

/// <param name="Duration">How long it takes to get to the target.</param>
/// <param name="Target">The rate at its end.</param>
public sealed record RateStage(TimeSpan Duration, ArrivalRate Target);

/// <summary>The questions that load can ask; never mixed in one column.</summary>
public static class Questions
{
    public const string Capacity = "capacity";
    public const string Latency = "latency";

    /// <summary>How latency follows a load that changes. It has no answer: nothing about a ramp is steady enough to be compared (method.md, rule 17).</summary>
    public const string Ramp = "ramp";
}

/// <summary>Arrival processes of an open loop.</summary>
public static class ArrivalProcesses
{
    public const string Constant = "constant";
    public const string Poisson = "poisson";

    public static IReadOnlyList<string> All { get; } = [Constant, Poisson];
}
