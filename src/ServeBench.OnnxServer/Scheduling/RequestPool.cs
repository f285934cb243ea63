using System.Collections.Concurrent;

namespace ServeBench.OnnxServer.Scheduling;

/// <summary>Request objects that wait for their next request.</summary>
internal sealed class RequestPool<T>
    where T : ScheduledRequest, new()
{
    /// <summary>More than this many are left to the garbage collector.</summary>
    private const int Kept = 256;

    private readonly ConcurrentQueue<T> _free = [];

    public T Get() => _free.TryDequeue(out var request) ? request : new T();

    /// <summary>Takes a request back that nobody holds any more.</summary>
    public void Return(T request)
    {
        request.Reset();
        if (_free.Count < Kept) _free.Enqueue(request);
    }
}
