using ServeBench.Domain.Plans;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.Patterns;

/// <summary>A rate that changes.</summary>
internal sealed class OpenRampPattern(OpenRamp shape) : OpenPattern(shape)
{
    public override string Question =>
        $"An open loop that changes: {shape.Title}, whether or not the ones before are answered. It shows how latency follows the load; "
            + "a ramp is no steady state.";

    public override bool WaitsForUsers => true;

    public override bool Fits(TimeSpan window) => shape.Ramp is { Least: >= 0, Greatest: > 0 } && shape.Ramp.Duration == window;

    public override ArrivalSchedule OfWindow(TimeSpan length, long seed) => new RampArrivals(shape.Ramp);

    /// <summary>It stays at the rate that the ramp starts with.</summary>
    public override ArrivalSchedule RunIn(long seed) => new RampArrivals(shape.Ramp with { Stages = [] });

    public override double ExpectedSamples(LoadJob job, double warmUpRate) => shape.Ramp.Area;

    public override int Users(TimeSpan deadline, TimeSpan? latencyP95) => Script.UsersOf(shape.Ramp.Greatest, deadline, latencyP95);

    public override void Describe(Dictionary<string, object> values)
    {
        base.Describe(values);
        values["rampingArrivals"] = values["ratedArrivals"] = true;
    }

    public override Func<int, long> PlacesOfK6(TimeSpan margin)
    {
        var arrivals = new RampArrivals(shape.Ramp.WithMargins(margin));
        return place => arrivals.At(place);
    }

    internal sealed class Maker : IPatternMaker
    {
        public LoadPattern? Of(LoadShape shape) => shape is OpenRamp own ? new OpenRampPattern(own) : null;
    }
}
