namespace ServeBench.OnnxServer.Batching;

/// <param name="Texts">Texts that may wait.</param>
/// <param name="Wait">A request is refused when what waits before it is expected to take longer.</param>
/// <param name="Delay">How long a worker may wait for more texts under load.</param>
internal sealed record QueueLimits(int Texts, TimeSpan Wait, TimeSpan Delay);
