using System.Threading.Tasks.Sources;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Scheduling;

/// <summary>
/// The items of one request, and when what happened to them; a pipeline adds what an item is and what comes of it. Objects are pooled:
/// <see cref="Reset"/> makes one ready for the next request, which is allowed once <see cref="Completion"/> has been awaited (or
/// the request was never queued), since no worker holds on to it then. Times are those of the queue's clock.
/// </summary>
internal abstract class ScheduledRequest : IValueTaskSource<InferenceOutcome>
{
    private ManualResetValueTaskSourceCore<InferenceOutcome> _completion = new() { RunContinuationsAsynchronously = true };
    private WorkQueue? _queue;
    private int _remaining;
    private int _outcome;
    private long _startedAt;
    private long _endedAt;

    /// <summary>Number of items.</summary>
    public int Count { get; protected set; }

    /// <summary>What all items cost together, without padding.</summary>
    public int TotalCost { get; protected set; }

    /// <summary>When it arrived.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>When its items had been read and were queued.</summary>
    public long QueuedAt { get; set; }

    /// <summary>When the first of its items began to be executed; 0 when none was.</summary>
    public long StartedAt => Interlocked.Read(ref _startedAt);

    /// <summary>When the last of its items had been executed.</summary>
    public long EndedAt => Interlocked.Read(ref _endedAt);

    /// <summary>How long its answer took to be written, in ticks of the clock; 0 while it was not.</summary>
    public long WritingTicks { get; set; }

    public RequestTimes Times => new(ReceivedAt, QueuedAt, StartedAt, EndedAt, WritingTicks);

    /// <summary>Items in the execution of its first item.</summary>
    public int BatchItems { get; private set; }

    /// <summary>After this time its items are not executed any more.</summary>
    public long ExpiresAt { get; set; } = long.MaxValue;

    /// <summary>Ends when every item has been executed, removed from the queue, or has failed. To be awaited once.</summary>
    public ValueTask<InferenceOutcome> Completion => new(this, _completion.Version);

    /// <summary>What one item costs.</summary>
    public abstract int Cost(int item);

    /// <summary>Takes the items out of the queue again that are not executed yet.</summary>
    public virtual void Withdraw() => _queue!.Remove(this, InferenceOutcome.Cancelled);

    /// <summary>Notes that one of its items is about to be executed, with how many others.</summary>
    public void Start(long at, int batchItems)
    {
        if (Interlocked.CompareExchange(ref _startedAt, at, 0) == 0) BatchItems = batchItems;
    }

    /// <summary>Notes that one item will have no result.</summary>
    public virtual void Abandon(InferenceOutcome because, long at) => End(because, at);

    /// <summary>True once every item has ended; <see cref="Completion"/> says how.</summary>
    public bool IsOver => Volatile.Read(ref _remaining) == 0;

    /// <summary>Makes the object ready for another request.</summary>
    public virtual void Reset()
    {
        _queue = null;
        Count = 0;
        TotalCost = 0;
        _outcome = (int)InferenceOutcome.Done;
        QueuedAt = 0;
        WritingTicks = 0;
        _startedAt = 0;
        _endedAt = 0;
        ExpiresAt = long.MaxValue;
        _completion.Reset();
    }

    /// <summary>Queues the items, all or none.</summary>
    /// <returns>False when there is no room for them.</returns>
    protected bool TryQueue(WorkQueue queue)
    {
        _queue = queue;
        _remaining = Count;
        return queue.TryAdd(this);
    }

    /// <summary>Notes that one item has its result. Called by workers.</summary>
    protected void Finish(long at) => End(InferenceOutcome.Done, at);

    InferenceOutcome IValueTaskSource<InferenceOutcome>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<InferenceOutcome>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<InferenceOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    private void End(InferenceOutcome outcome, long at)
    {
        // The first thing that went wrong is what the client hears.
        if (outcome != InferenceOutcome.Done) Interlocked.CompareExchange(ref _outcome, (int)outcome, (int)InferenceOutcome.Done);
        Interlocked.Exchange(ref _endedAt, at);
        if (Interlocked.Decrement(ref _remaining) == 0) _completion.SetResult((InferenceOutcome)_outcome);
    }
}
