using System.Collections.Concurrent;

namespace ServeBench.OnnxServer.Batching;

/// <summary>Request objects that wait for their next request.</summary>
internal sealed class InferenceRequestPool
{
    /// <summary>More than this many are left to the garbage collector.</summary>
    private const int Kept = 256;

    private readonly ConcurrentQueue<InferenceRequest> _free = [];

    public InferenceRequest Get() => _free.TryDequeue(out var request) ? request : new InferenceRequest();

    /// <summary>Takes a request back that nobody holds any more.</summary>
    public void Return(InferenceRequest request)
    {
        request.Reset();
        if (_free.Count < Kept) _free.Enqueue(request);
    }
}
