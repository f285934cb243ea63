namespace ServeBench.Load.Native;

/// <summary>Connections that carry no request, open and closed ones.</summary>
/// <param name="connections">All that there are, none of them open.</param>
internal sealed class FreeConnections(IEnumerable<Connection> connections)
{
    /// <summary>The last one used is used next, so that those not needed can time out on the server.</summary>
    private readonly ConnectionList _idle = new();
    private readonly Stack<Connection> _closed = new(connections.Reverse());

    /// <summary>Takes one, open where there is one; null when all carry requests.</summary>
    public Connection? Take()
    {
        if (_idle.Last is not { } idle) return _closed.TryPop(out var closed) ? closed : null;
        _idle.Remove(idle);
        return idle;
    }

    public void Put(Connection c)
    {
        if (c.State == ConnectionState.Idle) _idle.AddLast(c);
        else _closed.Push(c);
    }

    /// <summary>An idle one has been closed.</summary>
    public void Closed(Connection c)
    {
        _idle.Remove(c);
        _closed.Push(c);
    }
}
