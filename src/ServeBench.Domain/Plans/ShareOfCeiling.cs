using System.Globalization;

namespace ServeBench.Domain.Plans;

/// <summary>An open loop whose rate is known only once the raw runtime has been measured in the run's own first block.</summary>
/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Share">Share of the raw runtime's rate.</param>
public sealed record ShareOfCeiling(string Arrivals, double Share) : LoadShape
{
    public override string Id => $"{Arrivals}-{(Share * 100).ToString("0.###", CultureInfo.InvariantCulture)}pc";

    public override string Title =>
        $"{(Share * 100).ToString("0.###", CultureInfo.InvariantCulture)} % of the raw runtime's rate ({Arrivals})";

    public override Loop Loop => Loop.Open;

    public override double Size => Share;

    public override LoadShape Resolved(Func<double, double> ofCeiling, Func<double>? maxRate) => new OpenLoop(Arrivals, ofCeiling(Share));
}
