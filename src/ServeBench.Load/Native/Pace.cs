namespace ServeBench.Load.Native;

/// <summary>
/// Keeps closed loops, which send as fast as they are answered, below the rate that a target may be sent at most: a request that would
/// come too early waits, and is intended for when it may go. Open loops are planned below that rate.
/// </summary>
/// <param name="mostPerSecond">Null for no bound.</param>
/// <param name="resting">Where connections wait.</param>
internal sealed class Pace(double? mostPerSecond, RestingConnections resting)
{
    private readonly long _gap = mostPerSecond is { } most ? (long)Math.Ceiling(1e9 / most) : 0;
    private long _next;

    /// <returns>True when the connection has been put to rest until its request may go; it then has its turn.</returns>
    public bool Defers(Connection c, long now)
    {
        if (_gap == 0) return false;
        if (c.HasTurn)
        {
            c.HasTurn = false;
            return false;
        }
        var turn = Math.Max(now, _next);
        _next = turn + _gap;
        c.HasTurn = turn > now;
        if (c.HasTurn) resting.Until(c, turn);
        return c.HasTurn;
    }
}
