using ServeBench.Domain.Plans;

namespace ServeBench.Load.Patterns;

/// <summary>
/// Requests on a schedule: the server warms up in a closed loop first, since a rate that the client sets says nothing about
/// stability.
/// </summary>
internal abstract class OpenPattern(LoadShape shape) : LoadPattern(shape)
{
    public override string DroppedMetric => "dropped_iterations";

    public override string Question =>
        $"An open loop: {Shape.Title}, whether or not the ones before are answered. It asks how long users wait.";

    public sealed override int Connections(LoadJob job)
    {
        var warmUp = job.WarmUp.Concurrency;
        return warmUp > 0 && warmUp <= job.MaximumConnections
            ? job.MaximumConnections
            : throw new ArgumentException(
                $"a warm-up with {warmUp} in flight does not fit into 1 to {job.MaximumConnections} connections", nameof(job));
    }
}
