using System.Globalization;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Plans;

/// <summary>How one case loads a server: one level of a scenario, fully resolved.</summary>
public abstract record LoadShape
{
    /// <summary>Short and unique within a scenario, safe in file names: <c>c16</c>, <c>poisson-24.5</c>.</summary>
    public abstract string Id { get; }

    /// <summary>For people: <c>16 in flight</c>, <c>24.5 requests/s (poisson)</c>.</summary>
    public abstract string Title { get; }

    /// <summary>By which the levels of a scenario are put in order: requests in flight, a rate, or a share.</summary>
    public virtual double Size => 0;

    /// <summary>True when requests come on a schedule that does not wait for answers.</summary>
    public virtual bool IsOpen => false;

    /// <summary>The course of a load that changes; null for one that stays as it is.</summary>
    public virtual Ramp? Course => null;
}

/// <param name="Concurrency">Requests in flight at any time.</param>
public sealed record ClosedLoop(int Concurrency) : LoadShape
{
    public override string Id => $"c{Concurrency}";

    public override string Title => $"{Concurrency} in flight";

    public override double Size => Concurrency;
}

/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Rate">Requests per second.</param>
public sealed record OpenLoop(string Arrivals, double Rate) : LoadShape
{
    public override string Id => $"{Arrivals}-{Rate.ToString("0.###", CultureInfo.InvariantCulture)}";

    public override string Title => $"{Rate.ToString("0.###", CultureInfo.InvariantCulture)} requests/s ({Arrivals})";

    public override double Size => Rate;

    public override bool IsOpen => true;
}

/// <summary>An open loop whose rate is known only once the raw runtime has been measured in the run's own first block.</summary>
/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Share">Share of the raw runtime's rate.</param>
public sealed record ShareOfCeiling(string Arrivals, double Share) : LoadShape
{
    public override string Id => $"{Arrivals}-{(Share * 100).ToString("0.###", CultureInfo.InvariantCulture)}pc";

    public override string Title => $"{(Share * 100).ToString("0.###", CultureInfo.InvariantCulture)} % of the raw runtime's rate ({Arrivals})";

    public override double Size => Share;

    public override bool IsOpen => true;
}

/// <summary>The largest rate that meets the objectives, searched with one open loop after the other.</summary>
/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Spec">How.</param>
public sealed record RateSearch(string Arrivals, SearchSpec Spec) : LoadShape
{
    public override string Id => "max-rate";

    public override string Title => $"largest rate within the objectives ({Arrivals})";

    public override bool IsOpen => true;
}

/// <summary>Steps of the max rate that the same deployment was found to have; becomes an <see cref="OpenRamp"/>.</summary>
public sealed record StepsOfMaxRate(OverloadSpec Spec) : LoadShape
{
    public override string Id => $"own-{string.Join('-', Spec.Shares.Select(s => (s * 100).ToString("0.###", CultureInfo.InvariantCulture)))}";

    public override string Title => $"{string.Join(", ", Spec.Shares.Select(s => (s * 100).ToString("0.###", CultureInfo.InvariantCulture)))} % of its own max rate";

    public override bool IsOpen => true;

    /// <summary>The course, once the max rate is known.</summary>
    public OpenRamp At(double maxRate) => new(new Ramp(Spec.Shares[0] * maxRate, [.. Spec.Shares.SelectMany(
        (s, i) => (RampStage[])[.. i == 0 ? [] : (RampStage[])[new RampStage(TimeSpan.Zero, s * maxRate)], new RampStage(Spec.Each, s * maxRate)])]));
}

/// <summary>A closed loop whose concurrency changes.</summary>
/// <param name="Ramp">Requests in flight, whole numbers from 1; the window is as long as its stages.</param>
public sealed record ClosedRamp(Ramp Ramp) : LoadShape
{
    public override string Id => $"ramp-c{Ramp.Least:0.###}-c{Ramp.Greatest:0.###}";

    public override string Title => $"requests in flight from {Ramp}";

    public override Ramp? Course => Ramp;
}

/// <summary>An open loop whose rate changes; its arrivals are spaced evenly under the course of the rate.</summary>
/// <param name="Ramp">Requests per second, from 0; the window is as long as its stages.</param>
public sealed record OpenRamp(Ramp Ramp) : LoadShape
{
    public override string Id => $"ramp-{Ramp.Least:0.###}-{Ramp.Greatest:0.###}";

    public override string Title => $"requests/s from {Ramp}";

    public override bool IsOpen => true;

    public override Ramp? Course => Ramp;
}
