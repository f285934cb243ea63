using System.Runtime.InteropServices;

namespace ServeBench.OnnxServer.Scheduling;

/// <summary>The items of one model that wait, oldest first. Requests put items in, workers take them out in batches.</summary>
/// <param name="policy">Which items are taken together.</param>
/// <param name="limits">How many may wait, and for how long.</param>
/// <param name="pace">How fast they are executed.</param>
/// <param name="time">The clock.</param>
internal sealed class WorkQueue(IBatchPolicy policy, QueueLimits limits, ServicePace pace, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly List<QueuedItem> _waiting = [];
    private readonly int[] _chosen = new int[policy.MaximumItems];
    private long _cost;
    private bool _closed;

    /// <summary>Items that wait now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>How long an item that came now would wait, as far as can be determined.</summary>
    public TimeSpan ExpectedWait
    {
        get
        {
            lock (_gate) return pace.TimeFor(_cost);
        }
    }

    /// <summary>True when the next request would be refused, however small.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate) return _closed || (_waiting.Count > 0 && !HasRoom(1));
        }
    }

    /// <summary>Puts all items of a request in, or none.</summary>
    /// <returns>
    /// False when they do not fit, or the queue is closed. A request larger than the whole queue is taken when nothing waits;
    /// it could never be taken otherwise.
    /// </returns>
    public bool TryAdd(ScheduledRequest request)
    {
        lock (_gate)
        {
            if (_closed || (_waiting.Count > 0 && !HasRoom(request.Count))) return false;
            for (var i = 0; i < request.Count; i++) _waiting.Add(new QueuedItem(request, i, request.Cost(i)));
            _cost += request.TotalCost;
            Monitor.Pulse(_gate);
        }
        return true;
    }

    /// <summary>Takes the items that are to be executed next, and waits while there are none.</summary>
    /// <param name="into">Receives them; room for the policy's <see cref="IBatchPolicy.MaximumItems"/>.</param>
    /// <param name="expected">
    /// How many items the worker's previous execution had. More than one means load: their clients are likely to come back, so
    /// the worker waits up to the maximum delay for as many again. After an execution of one nothing waits.
    /// </param>
    /// <returns>How many were taken; 0 when the queue is closed and empty.</returns>
    public int Take(Span<QueuedItem> into, int expected)
    {
        lock (_gate)
        {
            while (true)
            {
                while (_waiting.Count == 0)
                {
                    if (_closed) return 0;
                    Monitor.Wait(_gate);
                }
                if (expected > 1 && limits.Delay > TimeSpan.Zero) WaitForMore(Math.Min(expected, policy.MaximumItems));
                DropExpired();
                if (_waiting.Count > 0) return TakeChosen(into);
            }
        }
    }

    /// <summary>As <see cref="Take"/>, but without any wait: 0 where nothing waits.</summary>
    /// <param name="into">As there; empty to end only what has expired.</param>
    public int TryTake(Span<QueuedItem> into)
    {
        lock (_gate)
        {
            DropExpired();
            return _waiting.Count > 0 && !into.IsEmpty ? TakeChosen(into) : 0;
        }
    }

    /// <summary>Takes a request's items out again, those that no worker has taken yet.</summary>
    public void Remove(ScheduledRequest request, InferenceOutcome because)
    {
        var removed = 0;
        lock (_gate)
        {
            _waiting.RemoveAll(w =>
            {
                if (w.Request != request) return false;
                removed++;
                _cost -= w.Cost;
                return true;
            });
        }
        for (var i = 0; i < removed; i++) request.Abandon(because, time.GetTimestamp());
    }

    /// <summary>Takes no more items; those that wait are still executed, then workers end.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private bool HasRoom(int items) => _waiting.Count + items <= limits.Items && pace.TimeFor(_cost) < limits.Wait;

    private int TakeChosen(Span<QueuedItem> into)
    {
        var waiting = CollectionsMarshal.AsSpan(_waiting);
        var taken = policy.Choose(waiting, _chosen);
        for (var i = 0; i < taken; i++)
        {
            into[i] = waiting[_chosen[i]];
            _cost -= into[i].Cost;
        }
        RemoveChosen(taken);
        // Another worker can go on with what is left.
        if (_waiting.Count > 0) Monitor.Pulse(_gate);
        return taken;
    }

    private void WaitForMore(int wanted)
    {
        var began = time.GetTimestamp();
        while (_waiting.Count < wanted && !_closed)
        {
            var left = limits.Delay - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) return;
            Monitor.Wait(_gate, left);
        }
    }

    private void DropExpired()
    {
        var now = time.GetTimestamp();
        var waiting = CollectionsMarshal.AsSpan(_waiting);
        var kept = 0;
        foreach (var item in waiting)
        {
            if (item.Request.ExpiresAt > now)
            {
                waiting[kept++] = item;
                continue;
            }
            _cost -= item.Cost;
            item.Request.Abandon(InferenceOutcome.Expired, now);
        }
        _waiting.RemoveRange(kept, waiting.Length - kept);
    }

    private void RemoveChosen(int count)
    {
        var waiting = CollectionsMarshal.AsSpan(_waiting);
        var (to, next) = (_chosen[0], 0);
        for (var from = to; from < waiting.Length; from++)
        {
            if (next < count && _chosen[next] == from) next++;
            else waiting[to++] = waiting[from];
        }
        _waiting.RemoveRange(to, waiting.Length - to);
    }
}
