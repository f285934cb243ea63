using ServeBench.Domain.Plans;
using ServeBench.Load.K6.Results;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.Patterns;

/// <summary>A number of requests in flight that changes.</summary>
internal sealed class ClosedRampPattern(ClosedRamp shape) : LoadPattern(shape)
{
    public override IReadOnlyList<ConcurrencyStep> Steps { get; } = ConcurrencySteps.Of(shape.Ramp);

    public override string Question =>
        $"A closed loop that changes: {shape.Title}. It shows how latency follows the load; a ramp is no steady state.";

    public override bool Fits(TimeSpan window) => shape.Ramp.Least >= 1 && shape.Ramp.Duration == window;

    public override int Connections(LoadJob job) => (int)shape.Ramp.Greatest;

    public override int WarmUpConcurrency(int usual) => (int)shape.Ramp.Start;

    /// <summary>A server may answer as many times more as it has requests in flight.</summary>
    public override double ExpectedSamples(LoadJob job, double warmUpRate) =>
        2 * job.Measure.TotalSeconds * warmUpRate * shape.Ramp.Greatest / shape.Ramp.Start;

    public override int Users(TimeSpan deadline, TimeSpan? latencyP95) => (int)shape.Ramp.Greatest;

    public override void Describe(Dictionary<string, object> values)
    {
        base.Describe(values);
        values["rampingUsers"] = true;
    }

    public override IEnumerable<(Iteration Iteration, long Intended)> Due(IEnumerable<Iteration> ended, CaseTiming timing, long zero) =>
        Slots.Of(ended, shape.Ramp.WithMargins(timing.Margin), zero);

    internal sealed class Maker : IPatternMaker
    {
        public LoadPattern? Of(LoadShape shape) => shape is ClosedRamp own ? new ClosedRampPattern(own) : null;
    }
}
