using ServeBench.Load.Native;

namespace ServeBench.Load.Tests.Native;

/// <summary>
/// A server without sockets, so that the order of things is certain: every request is answered in the next poll, and once its
/// connection idles, something more happens to it there and then.
/// </summary>
internal sealed class FakeSocketLoop(Action<ISocketEvents, int> whenIdle) : ISocketLoop
{
    private readonly Queue<(int Connection, bool Answer)> _pending = new();
    private readonly HashSet<int> _open = [];

    public int Connects { get; private set; }

    /// <summary>Times that a connection was left idle and something happened to it.</summary>
    public int Idled { get; private set; }

    public int Open => _open.Count;

    /// <summary>How long a poll keeps the driver from anything else, as a machine that is busy with others does.</summary>
    public Func<TimeSpan> Stall { get; init; } = () => TimeSpan.Zero;

    public bool WorksOnOneThread => true;

    public int Connect(int connection)
    {
        Connects++;
        Assert.True(_open.Add(connection), "this connection is open already");
        _pending.Enqueue((connection, false));
        return 0;
    }

    public int Send(int connection, byte[] bytes)
    {
        Assert.Contains(connection, _open);
        _pending.Enqueue((connection, true));
        return 0;
    }

    /// <summary>Whether the other side is known to have closed every connection once it has answered.</summary>
    public bool ClosesAfterAnswer { get; init; }

    public bool CanBeUsedAgain(int connection) => !ClosesAfterAnswer;

    public void Close(int connection) => _open.Remove(connection);

    public void Poll(long until, ISocketEvents events)
    {
        if (Stall() is var stall && stall > TimeSpan.Zero) Thread.Sleep(stall);
        else if (_pending.Count == 0 && until > MonotonicClock.Now) Thread.Sleep(1);
        for (var count = _pending.Count; count > 0; count--)
        {
            var (connection, answer) = _pending.Dequeue();
            if (!_open.Contains(connection)) continue;
            if (!answer)
            {
                events.Connected(connection, MonotonicClock.Now);
                continue;
            }
            events.Received(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8, MonotonicClock.Now);
            // In a closed loop the connection is busy again by now.
            if (!_open.Contains(connection) || _pending.Any(p => p.Connection == connection)) continue;
            Idled++;
            whenIdle(events, connection);
        }
    }

    public void Wake() { }

    public string Describe(int error) => $"error {error}";

    public void Dispose() { }
}
