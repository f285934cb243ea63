using System.Globalization;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Plans;

/// <summary>Steps of the max rate that the same deployment was found to have; becomes an <see cref="OpenRamp"/>.</summary>
public sealed record StepsOfMaxRate(OverloadSpec Spec) : LoadShape
{
    public override string Id =>
        $"own-{string.Join('-', Spec.Shares.Select(s => (s * 100).ToString("0.###", CultureInfo.InvariantCulture)))}";

    public override string Title =>
        $"{string.Join(", ", Spec.Shares.Select(s => (s * 100).ToString("0.###", CultureInfo.InvariantCulture)))} % of its own max rate";

    public override Loop Loop => Loop.Open;

    public override bool NeedsMaxRate => true;

    public override LoadShape? Resolved(Func<double, double> ofCeiling, Func<double>? maxRate) => maxRate is null ? null : At(maxRate());

    /// <summary>The course, once the max rate is known.</summary>
    public OpenRamp At(double maxRate) => new(new Ramp(Spec.Shares[0] * maxRate, [.. Spec.Shares.SelectMany(
        (s, i) => (RampStage[])[
            .. i == 0 ? [] : (RampStage[])[new RampStage(TimeSpan.Zero, s * maxRate)],
            new RampStage(Spec.Each, s * maxRate)])]));
}
