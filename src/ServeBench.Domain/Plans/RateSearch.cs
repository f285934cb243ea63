using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Plans;

/// <summary>The largest rate that meets the objectives, searched with one open loop after the other.</summary>
/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Spec">How.</param>
public sealed record RateSearch(string Arrivals, SearchSpec Spec) : LoadShape
{
    public override string Id => "max-rate";

    public override string Title => $"largest rate within the objectives ({Arrivals})";

    public override Loop Loop => Loop.Open;

    public override bool FindsMaxRate => true;

    /// <summary>Its rates follow from what the server did at those before.</summary>
    public override LoadShape? Resolved(Func<double, double> ofCeiling, Func<double>? maxRate) => null;
}
