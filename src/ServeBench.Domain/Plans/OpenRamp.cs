using ServeBench.Domain.Trials;

namespace ServeBench.Domain.Plans;

/// <summary>An open loop whose rate changes; its arrivals are spaced evenly under the course of the rate.</summary>
/// <param name="Ramp">Requests per second, from 0; the window is as long as its stages.</param>
public sealed record OpenRamp(Ramp Ramp) : LoadShape
{
    public override string Id => $"ramp-{Ramp.Least:0.###}-{Ramp.Greatest:0.###}";

    public override string Title => $"requests/s from {Ramp}";

    public override Loop Loop => Loop.Open;

    public override Ramp? Course => Ramp;

    public override TimeSpan Window(TimeSpan least, int requests, TimeSpan longest) => Ramp.Duration;

    public override LoadShape Within(double mostPerSecond) => Ramp.Greatest <= mostPerSecond ? this : this with
    {
        Ramp = new Ramp(
            Math.Min(Ramp.Start, mostPerSecond),
            [.. Ramp.Stages.Select(s => s with { Target = Math.Min(s.Target, mostPerSecond) })]),
    };

    /// <summary>The area under its stages, which are the window.</summary>
    public override double? Due(double seconds) => Ramp.Area;

    public override LoadRecord In(LoadRecord record) => base.In(record) with { Ramp = Ramp.ToRecord() };
}
