using ServeBench.Domain.Plans;
using ServeBench.Domain.Workloads;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.Patterns;

/// <summary>Arrivals at equal distances.</summary>
internal sealed class ConstantPattern(OpenLoop shape) : RatedPattern(shape)
{
    public override ArrivalSchedule OfWindow(TimeSpan length, long seed) => new ConstantArrivals(Rate);

    public override ArrivalSchedule RunIn(long seed) => new ConstantArrivals(Rate);

    public override double ExpectedSamples(LoadJob job, double warmUpRate) => Rate * job.Measure.TotalSeconds;

    public override void Describe(Dictionary<string, object> values)
    {
        base.Describe(values);
        values["constantArrivals"] = values["ratedArrivals"] = true;
    }

    public override Func<int, long> PlacesOfK6(TimeSpan margin) => place => (long)Math.Round(place * 1e9 / Rate);

    internal sealed class Maker : IPatternMaker
    {
        public LoadPattern? Of(LoadShape shape) =>
            shape is OpenLoop { Arrivals: ArrivalProcesses.Constant } own ? new ConstantPattern(own) : null;
    }
}
