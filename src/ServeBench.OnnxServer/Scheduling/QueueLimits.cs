namespace ServeBench.OnnxServer.Scheduling;

/// <param name="Items">Items that may wait.</param>
/// <param name="Wait">A request is refused when what waits before it is expected to take longer.</param>
/// <param name="Delay">How long a worker may wait for more items under load.</param>
internal sealed record QueueLimits(int Items, TimeSpan Wait, TimeSpan Delay);
