namespace ServeBench.OnnxServer.Metrics;

/// <summary>When what happened to a request, in ticks of the server's clock.</summary>
/// <param name="Received">It arrived.</param>
/// <param name="Queued">Its items had been read and were queued.</param>
/// <param name="Started">The first of them began to be executed.</param>
/// <param name="Ended">The last of them had been executed.</param>
/// <param name="Writing">How long its answer took to be written.</param>
internal readonly record struct RequestTimes(long Received, long Queued, long Started, long Ended, long Writing);
