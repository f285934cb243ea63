namespace ServeBench.OnnxServer.Serving;

/// <summary>
/// Counts the requests that are being answered and, when the server is about to end, lets no more in. Ending has two steps:
/// draining (not ready any more, still answering, connections closed after each answer), then closed (refusing).
/// </summary>
internal sealed class RequestGate : IDisposable
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _draining = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closed = new();
    private int _inside;
    private long _taken;
    private volatile bool _isDraining;
    private volatile bool _isClosed;

    /// <summary>Requests that are being answered, and streams that are open.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Requests that were ever let in.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>True once the server has been asked to end.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Ends once the server has been asked to end.</summary>
    public Task Draining => _draining.Task;

    /// <summary>Cancelled once nobody is let in any more.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Announces the end.</summary>
    public void Drain()
    {
        _isDraining = true;
        _draining.TrySetResult();
    }

    /// <param name="isRequest">False for a stream, whose messages are the requests.</param>
    /// <returns>True when the request may be answered; <see cref="Leave"/> must follow.</returns>
    public bool TryEnter(bool isRequest = true)
    {
        Interlocked.Increment(ref _inside);
        if (_isClosed)
        {
            Leave();
            return false;
        }
        if (isRequest) Interlocked.Increment(ref _taken);
        return true;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _inside) == 0 && _isClosed) _empty.TrySetResult();
    }

    /// <summary>Lets nobody in any more.</summary>
    /// <returns>A task that ends when the last request has been answered.</returns>
    public Task CloseAsync()
    {
        Drain();
        _isClosed = true;
        _closed.Cancel();
        if (Inside == 0) _empty.TrySetResult();
        return _empty.Task;
    }

    public void Dispose() => _closed.Dispose();
}
