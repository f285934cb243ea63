using System.Runtime.InteropServices;

namespace ServeBench.OnnxServer.Batching;

/// <summary>The texts of one model that wait, oldest first. Requests put texts in, workers take them out in batches.</summary>
/// <param name="policy">Which texts are taken together.</param>
/// <param name="capacity">Texts that may wait.</param>
/// <param name="maximumDelay">How long a worker may wait for more texts under load.</param>
/// <param name="time">The clock.</param>
internal sealed class TextQueue(IBatchPolicy policy, int capacity, TimeSpan maximumDelay, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly List<QueuedText> _waiting = [];
    private readonly int[] _chosen = new int[policy.MaximumTexts];
    private bool _closed;

    /// <summary>Texts that wait now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>True when so many texts wait that the next request would be refused.</summary>
    public bool IsFull => Count >= capacity;

    /// <summary>Puts all texts of a request in, or none.</summary>
    /// <returns>
    /// False when they do not fit, or the queue is closed. A request larger than the whole queue is taken when nothing waits;
    /// it could never be taken otherwise.
    /// </returns>
    public bool TryAdd(InferenceRequest request)
    {
        lock (_gate)
        {
            if (_closed || (_waiting.Count > 0 && _waiting.Count + request.Count > capacity)) return false;
            for (var i = 0; i < request.Count; i++) _waiting.Add(new QueuedText(request, i, request.Length(i)));
            Monitor.Pulse(_gate);
        }
        return true;
    }

    /// <summary>Takes the texts that are to be executed next, and waits while there are none.</summary>
    /// <param name="into">Receives them; room for the policy's <see cref="IBatchPolicy.MaximumTexts"/>.</param>
    /// <param name="expected">
    /// How many texts the worker's previous execution had. More than one means load: their clients are likely to come back, so
    /// the worker waits up to the maximum delay for as many again. After an execution of one, or an idle time, nothing waits.
    /// </param>
    /// <returns>How many were taken; 0 when the queue is closed and empty.</returns>
    public int Take(Span<QueuedText> into, int expected)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closed) return 0;
                Monitor.Wait(_gate);
            }
            if (expected > 1 && maximumDelay > TimeSpan.Zero) WaitForMore(Math.Min(expected, policy.MaximumTexts));
            var waiting = CollectionsMarshal.AsSpan(_waiting);
            var taken = policy.Choose(waiting, _chosen);
            for (var i = 0; i < taken; i++) into[i] = waiting[_chosen[i]];
            RemoveChosen(taken);
            // Another worker can go on with what is left.
            if (_waiting.Count > 0) Monitor.Pulse(_gate);
            return taken;
        }
    }

    /// <summary>Takes a request's texts out again, those that no worker has taken yet.</summary>
    public void Remove(InferenceRequest request, InferenceOutcome because)
    {
        int removed;
        lock (_gate) removed = _waiting.RemoveAll(w => w.Request == request);
        for (var i = 0; i < removed; i++) request.Abandon(because);
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

    private void WaitForMore(int wanted)
    {
        var began = time.GetTimestamp();
        while (_waiting.Count < wanted && !_closed)
        {
            var left = maximumDelay - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) return;
            Monitor.Wait(_gate, left);
        }
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
