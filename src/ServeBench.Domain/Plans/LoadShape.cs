using System.Globalization;

namespace ServeBench.Domain.Plans;

/// <summary>How one case loads a server: one level of a scenario, fully resolved.</summary>
public abstract record LoadShape
{
    /// <summary>Short and unique within a scenario, safe in file names: <c>c16</c>, <c>poisson-24.5</c>.</summary>
    public abstract string Id { get; }

    /// <summary>For people: <c>16 in flight</c>, <c>24.5 requests/s (poisson)</c>.</summary>
    public abstract string Title { get; }
}

/// <param name="Concurrency">Requests in flight at any time.</param>
public sealed record ClosedLoop(int Concurrency) : LoadShape
{
    public override string Id => $"c{Concurrency}";

    public override string Title => $"{Concurrency} in flight";
}

/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Rate">Requests per second.</param>
public sealed record OpenLoop(string Arrivals, double Rate) : LoadShape
{
    public override string Id => $"{Arrivals}-{Rate.ToString("0.###", CultureInfo.InvariantCulture)}";

    public override string Title => $"{Rate.ToString("0.###", CultureInfo.InvariantCulture)} requests/s ({Arrivals})";
}
