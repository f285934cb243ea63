using ServeBench.Domain.Trials;

namespace ServeBench.Domain.Plans;

/// <summary>A closed loop whose concurrency changes.</summary>
/// <param name="Ramp">Requests in flight, whole numbers from 1; the window is as long as its stages.</param>
public sealed record ClosedRamp(Ramp Ramp) : LoadShape
{
    public override string Id => $"ramp-c{Ramp.Least:0.###}-c{Ramp.Greatest:0.###}";

    public override string Title => $"requests in flight from {Ramp}";

    public override Loop Loop => Loop.Closed;

    public override Ramp? Course => Ramp;

    public override TimeSpan Window(TimeSpan least, int requests, TimeSpan longest) => Ramp.Duration;

    public override LoadRecord In(LoadRecord record) => base.In(record) with { Ramp = Ramp.ToRecord() };
}
