using ServeBench.Domain.Plans;
using ServeBench.Domain.Wording;

namespace ServeBench.Load.Patterns;

/// <summary>So many requests in flight all the time.</summary>
internal sealed class ClosedLoopPattern(ClosedLoop shape) : LoadPattern(shape)
{
    public override bool EndsWithRequest => true;

    public override string Question =>
        $"A closed loop: {Plural.Of(shape.Concurrency, "request")} in flight, and the next as soon as one is answered. "
            + "It asks what the server can do.";

    public override bool Fits(TimeSpan window) => shape.Concurrency > 0;

    public override int Connections(LoadJob job) => shape.Concurrency;

    public override int WarmUpConcurrency(int usual) => shape.Concurrency;

    /// <summary>Twice the rate of the warm-up.</summary>
    public override double ExpectedSamples(LoadJob job, double warmUpRate) =>
        2 * Math.Max(job.Measure.TotalSeconds, job.LongestMeasure.TotalSeconds) * warmUpRate;

    public override int Users(TimeSpan deadline, TimeSpan? latencyP95) => shape.Concurrency;

    public override void Describe(Dictionary<string, object> values)
    {
        base.Describe(values);
        values["constantUsers"] = true;
    }

    internal sealed class Maker : IPatternMaker
    {
        public LoadPattern? Of(LoadShape shape) => shape is ClosedLoop own ? new ClosedLoopPattern(own) : null;
    }
}
