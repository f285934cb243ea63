using System.Globalization;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Plans;

/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Rate">Requests per second.</param>
public sealed record OpenLoop(string Arrivals, double Rate) : LoadShape
{
    public override string Id => $"{Arrivals}-{Rate.ToString("0.###", CultureInfo.InvariantCulture)}";

    public override string Title => $"{Rate.ToString("0.###", CultureInfo.InvariantCulture)} requests/s ({Arrivals})";

    public override Loop Loop => Loop.Open;

    public override double Size => Rate;

    public override LoadShape Within(double mostPerSecond) => Rate > mostPerSecond ? this with { Rate = mostPerSecond } : this;

    /// <summary>As long as its time and its count need: how long that is is known beforehand.</summary>
    public override TimeSpan Window(TimeSpan least, int requests, TimeSpan longest)
    {
        var needed = TimeSpan.FromSeconds(requests / Rate);
        return needed <= least ? least : needed < longest ? needed : longest > least ? longest : least;
    }

    public override double? Due(double seconds) => Rate * seconds;

    public override double DeviationOfDue(double due) => Arrivals == ArrivalProcesses.Poisson ? Math.Sqrt(due) : 0;

    public override LoadRecord In(LoadRecord record) => base.In(record) with { Arrivals = Arrivals, RatePerSecond = Rate };
}
