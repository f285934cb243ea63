using System.Net.Security;
using ServeBench.Domain.Targets;
using ServeBench.Load.Native;
using ServeBench.Platform;

namespace ServeBench.Load.Tls;

/// <summary>
/// TLS on the connections of another loop. A connection is reported as made once the handshake is over: it belongs to the latency of the
/// request that had to wait for it, as connecting does.
/// </summary>
/// <param name="inner">Carries the bytes; disposed with this.</param>
/// <param name="trust">Whom the server has to be.</param>
/// <param name="protocol">What is spoken.</param>
/// <param name="connections">How many there are.</param>
internal sealed class TlsSocketLoop(ISocketLoop inner, TlsTrust trust, SslApplicationProtocol protocol, int connections)
    : ISocketLoop, ISocketEvents
{
    private readonly TlsSession?[] _sessions = new TlsSession?[connections];
    private readonly int[] _failed = new int[connections];

    /// <summary>Whether a record of what was sent last has gone out, of each connection: a request may take several.</summary>
    private readonly bool[] _hasGone = new bool[connections];

    /// <summary>What went wrong in TLS: the error numbers -1, -2, ... are the places here, the system's own are positive.</summary>
    private readonly List<string> _problems = [];
    private ISocketEvents? _events;

    public MonotonicClock Clock => inner.Clock;

    public bool WorksOnOneThread => inner.WorksOnOneThread;

    public int Connect(int connection) => inner.Connect(connection);

    public int Send(int connection, byte[] bytes) => SendAfterWaiting(connection, bytes);

    public int SendAfterWaiting(int connection, ReadOnlySpan<byte> bytes)
    {
        _failed[connection] = 0;
        _hasGone[connection] = false;
        var session = _sessions[connection]!;
        return session.Write(bytes) ? _failed[connection] : Number(session.Problem!);
    }

    public bool HasSentNothing(int connection) => !_hasGone[connection] && inner.HasSentNothing(connection);

    public bool HasUnsent(int connection) => inner.HasUnsent(connection);

    public bool IsEnded(int connection) => inner.IsEnded(connection) || _sessions[connection] is { HasEnded: true };

    public void Close(int connection)
    {
        inner.Close(connection);
        _sessions[connection]?.Dispose();
        _sessions[connection] = null;
    }

    public void Poll(long until, ISocketEvents events)
    {
        _events = events;
        inner.Poll(until, this);
    }

    public void Wake() => inner.Wake();

    public string Describe(int error) => error < 0 ? _problems[-error - 1] : inner.Describe(error);

    public void Dispose()
    {
        inner.Dispose();
        foreach (var session in _sessions) session?.Dispose();
    }

    void ISocketEvents.Connected(int connection, long now)
    {
        // What failed on the connection before this one, under the same number, is over.
        _failed[connection] = 0;
        _sessions[connection] = new TlsSession(trust, protocol, bytes => HandOn(connection, bytes));
    }

    void ISocketEvents.Received(int connection, ReadOnlySpan<byte> bytes, long arrived)
    {
        if (_sessions[connection] is not { } session) return;
        var wasOpen = session.IsOpen;
        session.Feed(bytes);
        if (session.IsOpen && !wasOpen) _events!.Connected(connection, Clock.Now);
        // Whoever is told may close the connection, and even begin another under its number.
        while (_sessions[connection] == session && session.TryRead(out var plain)) _events!.Received(connection, plain, arrived);
        if (_sessions[connection] != session) return;
        if (session.Problem is { } problem) _events!.Ended(connection, Number(problem), Clock.Now);
        else if (session.HasEnded) _events!.Ended(connection, 0, Clock.Now);
    }

    void ISocketEvents.AllSent(int connection)
    {
        if (_sessions[connection] is { IsOpen: true }) _events!.AllSent(connection);
    }

    void ISocketEvents.Ended(int connection, int error, long now)
    {
        var during = error == 0 && _sessions[connection] is { IsOpen: false };
        _events!.Ended(connection, during ? Number("the server closed the connection while TLS was set up") : error, now);
    }

    private void HandOn(int connection, ReadOnlySpan<byte> bytes)
    {
        if (_failed[connection] != 0) return;
        _failed[connection] = inner.SendAfterWaiting(connection, bytes);
        _hasGone[connection] |= _failed[connection] == 0;
    }

    private int Number(string problem)
    {
        if (!_problems.Contains(problem)) _problems.Add(problem);
        return -_problems.IndexOf(problem) - 1;
    }
}
