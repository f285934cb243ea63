namespace ServeBench.Load.Native;

/// <summary>Connections that rest before they are used again: they have failed, or their request would come too early.</summary>
internal sealed class RestingConnections
{
    /// <summary>
    /// A connection that fails rests for 1 ms, twice as long each time, and never longer than this many doublings: 256 ms.
    /// </summary>
    private const int MostDoublings = 8;
    private const long FirstRest = 1_000_000;

    private readonly PriorityQueue<Connection, long> _queue = new();

    /// <param name="most">Connections that there are.</param>
    public RestingConnections(int most) => _queue.EnsureCapacity(most);

    /// <summary>When the first of them has rested; the end of time when there is none.</summary>
    public long Next => _queue.TryPeek(out _, out var until) ? until : long.MaxValue;

    public void Add(Connection c, long now) =>
        _queue.Enqueue(c, now + (FirstRest << Math.Min(c.FailuresInARow - 1, MostDoublings)));

    public void Until(Connection c, long at) => _queue.Enqueue(c, at);

    public Connection Take() => _queue.Dequeue();
}
