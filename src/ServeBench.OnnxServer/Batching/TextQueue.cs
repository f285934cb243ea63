using System.Runtime.InteropServices;

namespace ServeBench.OnnxServer.Batching;

/// <summary>The texts of one model that wait, oldest first. Requests put texts in, workers take them out in batches.</summary>
/// <param name="policy">Which texts are taken together.</param>
/// <param name="limits">How many may wait, and for how long.</param>
/// <param name="pace">How fast they are executed.</param>
/// <param name="time">The clock.</param>
internal sealed class TextQueue(IBatchPolicy policy, QueueLimits limits, ServicePace pace, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly List<QueuedText> _waiting = [];
    private readonly int[] _chosen = new int[policy.MaximumTexts];
    private long _tokens;
    private bool _closed;

    /// <summary>Texts that wait now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>How long a text that came now would wait, as far as can be told.</summary>
    public TimeSpan ExpectedWait
    {
        get
        {
            lock (_gate) return pace.TimeFor(_tokens);
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

    /// <summary>Puts all texts of a request in, or none.</summary>
    /// <returns>
    /// False when they do not fit, or the queue is closed. A request larger than the whole queue is taken when nothing waits;
    /// it could never be taken otherwise.
    /// </returns>
    public bool TryAdd(InferenceRequest request)
    {
        lock (_gate)
        {
            if (_closed || (_waiting.Count > 0 && !HasRoom(request.Count))) return false;
            for (var i = 0; i < request.Count; i++) _waiting.Add(new QueuedText(request, i, request.Length(i)));
            _tokens += request.TokenCount;
            Monitor.Pulse(_gate);
        }
        return true;
    }

    /// <summary>Takes the texts that are to be executed next, and waits while there are none.</summary>
    /// <param name="into">Receives them; room for the policy's <see cref="IBatchPolicy.MaximumTexts"/>.</param>
    /// <param name="expected">
    /// How many texts the worker's previous execution had. More than one means load: their clients are likely to come back, so
    /// the worker waits up to the maximum delay for as many again. After an execution of one nothing waits.
    /// </param>
    /// <returns>How many were taken; 0 when the queue is closed and empty.</returns>
    public int Take(Span<QueuedText> into, int expected)
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
                if (expected > 1 && limits.Delay > TimeSpan.Zero) WaitForMore(Math.Min(expected, policy.MaximumTexts));
                DropExpired();
                if (_waiting.Count > 0) return TakeChosen(into);
            }
        }
    }

    /// <summary>Takes a request's texts out again, those that no worker has taken yet.</summary>
    public void Remove(InferenceRequest request, InferenceOutcome because)
    {
        var removed = 0;
        lock (_gate)
        {
            _waiting.RemoveAll(w =>
            {
                if (w.Request != request) return false;
                removed++;
                _tokens -= w.Tokens;
                return true;
            });
        }
        for (var i = 0; i < removed; i++) request.Abandon(because, time.GetTimestamp());
    }

    /// <summary>Takes no more texts; those that wait are still executed, then workers end.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private bool HasRoom(int texts) => _waiting.Count + texts <= limits.Texts && pace.TimeFor(_tokens) < limits.Wait;

    private int TakeChosen(Span<QueuedText> into)
    {
        var waiting = CollectionsMarshal.AsSpan(_waiting);
        var taken = policy.Choose(waiting, _chosen);
        for (var i = 0; i < taken; i++)
        {
            into[i] = waiting[_chosen[i]];
            _tokens -= into[i].Tokens;
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
        foreach (var text in waiting)
        {
            if (text.Request.ExpiresAt > now)
            {
                waiting[kept++] = text;
                continue;
            }
            _tokens -= text.Tokens;
            text.Request.Abandon(InferenceOutcome.Expired, now);
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
