using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net;
using ServeBench.Platform;

namespace ServeBench.Load.Native.Portable;

/// <summary>
/// The sockets of .NET, for systems without epoll. Operations end on threads of the pool, which put them into a queue that the
/// loop's thread serves; waiting is by the millisecond, so that an open loop's requests start up to a millisecond late, which
/// their lag shows.
/// </summary>
internal sealed class PortableSocketLoop(IPEndPoint target, int connections) : ISocketLoop
{
    private readonly PortableConnection?[] _slots = new PortableConnection?[connections];
    private readonly ConcurrentQueue<Completion> _completions = new();
    private readonly ManualResetEventSlim _ready = new(false, spinCount: 0);

    public MonotonicClock Clock => MonotonicClock.System;

    public bool WorksOnOneThread => false;

    public int Connect(int connection)
    {
        var made = new PortableConnection(connection, target.AddressFamily, Tell);
        _slots[connection] = made;
        made.Connect(target);
        return 0;
    }

    public int Send(int connection, byte[] bytes) => _slots[connection]!.Send(bytes);

    public int SendAfterWaiting(int connection, ReadOnlySpan<byte> bytes) => _slots[connection]!.SendAfterWaiting(bytes);

    /// <summary>Sends end on other threads.</summary>
    public bool HasSentNothing(int connection) => false;

    public bool HasUnsent(int connection) => _slots[connection]!.HasUnsent;

    public bool IsEnded(int connection) => _slots[connection]!.IsEnded;

    public void Close(int connection)
    {
        _slots[connection]?.Close();
        _slots[connection] = null;
    }

    public void Poll(long until, ISocketEvents events)
    {
        if (_completions.IsEmpty)
        {
            var wait = until - MonotonicClock.System.Now;
            if (wait > 0) _ready.Wait((int)Math.Min((wait + 999_999) / 1_000_000, int.MaxValue));
        }
        _ready.Reset();
        while (_completions.TryDequeue(out var completion))
        {
            // What an earlier connection of the same number has left behind is of no interest.
            if (_slots[completion.Connection.Number] == completion.Connection) Serve(completion, events);
        }
    }

    public void Wake() => _ready.Set();

    public string Describe(int error) => new SocketException(error).Message;

    public void Dispose()
    {
        for (var i = 0; i < _slots.Length; i++) Close(i);
        _ready.Dispose();
    }

    /// <summary>From any thread.</summary>
    private void Tell(Completion completion)
    {
        _completions.Enqueue(completion);
        _ready.Set();
    }

    private void Serve(Completion completion, ISocketEvents events)
    {
        var connection = completion.Connection;
        if (completion.Kind == CompletionKind.Sent)
        {
            events.AllSent(connection.Number);
            return;
        }
        var now = MonotonicClock.System.Now;
        if (completion.Error != SocketError.Success || completion is { Kind: CompletionKind.Received, Bytes: 0 })
        {
            events.Ended(connection.Number, (int)completion.Error, now);
            return;
        }
        if (completion.Kind == CompletionKind.Connected) events.Connected(connection.Number, now);
        else events.Received(connection.Number, connection.Buffer.AsSpan(0, completion.Bytes), now);
        if (_slots[connection.Number] == connection) connection.Receive();
    }
}
