namespace ServeBench.OnnxServer.Batching;

/// <summary>One text that waits for its execution.</summary>
/// <param name="Request">The request that it belongs to.</param>
/// <param name="Index">Which of the request's texts it is.</param>
/// <param name="Tokens">Its length.</param>
internal readonly record struct QueuedText(InferenceRequest Request, int Index, int Tokens);
