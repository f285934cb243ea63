using System.Net;
using System.Runtime.InteropServices;
using ServeBench.Platform.Linux;
using ServeBench.Platform;

namespace ServeBench.Load.Native.Linux;

/// <summary>
/// Non-blocking sockets on one epoll instance. Each is registered once, for everything, edge-triggered, so that a request in
/// steady state costs one send, one recv and its share of an epoll_wait.
/// </summary>
internal sealed unsafe class EpollSocketLoop : ISocketLoop
{
    private const int BufferSize = 256 * 1024;

    /// <summary>
    /// How long before something is due the thread stops sleeping: a timer alone comes late by what the processor takes to wake up.
    /// </summary>
    private const long Awake = 150_000;

    /// <summary>Bytes of the room for what is sent later, at least.</summary>
    private const int LeastWaiting = 64 * 1024;

    /// <summary>Shorter waits are slept to their end, so that being awake takes half a core at most.</summary>
    private const long LeastWait = 2 * Awake;

    private readonly Epoll _epoll = new();
    private readonly Slot[] _slots;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private readonly byte[] _address;
    private readonly int _family;

    /// <summary>The time that was last waited for, and until when that wait may sleep.</summary>
    private long _awaited;
    private long _sleep;

    public EpollSocketLoop(IPEndPoint target, int connections)
    {
        var address = target.Serialize();
        _address = address.Buffer[..address.Size].ToArray();
        _family = BitConverter.ToUInt16(_address);
        _slots = new Slot[connections];
        foreach (ref var slot in _slots.AsSpan()) slot.Descriptor = -1;
    }

    public MonotonicClock Clock => MonotonicClock.System;

    public bool WorksOnOneThread => true;

    public int Connect(int connection)
    {
        ref var slot = ref _slots[connection];
        var socket = LinuxError.Check(
            Libc.socket(_family, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, Libc.IPPROTO_TCP), "open a socket");
        slot.Descriptor = socket;
        slot.Connecting = true;
        slot.Ending = false;
        var on = 1;
        LinuxError.Check(Libc.setsockopt(socket, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, &on, sizeof(int)), "set TCP_NODELAY");
        ArrivalStamp.Enable(socket);
        int result;
        fixed (byte* address = _address) result = Libc.connect(socket, address, (uint)_address.Length);
        if (result < 0 && Marshal.GetLastPInvokeError() is var error and not (Libc.EINPROGRESS or Libc.EINTR)) return error;
        // Registered after connect, so that the first thing reported is its end. Even one that succeeded at once is reported that way.
        _epoll.Add(socket, Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLET, Key(connection, slot.Generation));
        return 0;
    }

    public int Send(int connection, byte[] bytes)
    {
        ref var slot = ref _slots[connection];
        slot.Unsent = bytes;
        slot.UnsentBytes = bytes.Length;
        slot.SentBytes = 0;
        return SendOn(ref slot);
    }

    public int SendAfterWaiting(int connection, ReadOnlySpan<byte> bytes)
    {
        ref var slot = ref _slots[connection];
        if (slot.Unsent is null)
        {
            slot.SentBytes = 0;
            var error = SendSome(ref slot, bytes);
            if (error != 0 || slot.SentBytes == bytes.Length) return error;
            bytes = bytes[slot.SentBytes..];
            slot.SentBytes = slot.UnsentBytes = 0;
        }
        if (slot.Waiting is null || slot.Waiting.Length - slot.UnsentBytes < bytes.Length)
            Array.Resize(ref slot.Waiting, Math.Max(LeastWaiting, 2 * (slot.UnsentBytes + bytes.Length)));
        bytes.CopyTo(slot.Waiting.AsSpan(slot.UnsentBytes));
        slot.UnsentBytes += bytes.Length;
        slot.Unsent = slot.Waiting;
        return 0;
    }

    public bool HasSentNothing(int connection) => _slots[connection].SentBytes == 0;

    public bool HasUnsent(int connection) => _slots[connection].Unsent is not null;

    public bool IsEnded(int connection) => _slots[connection].Ending;

    public void Close(int connection)
    {
        ref var slot = ref _slots[connection];
        if (slot.Descriptor < 0) return;
        _ = Libc.close(slot.Descriptor);
        slot.Descriptor = -1;
        slot.Connecting = false;
        slot.Unsent = null;
        // Events already taken for the old socket must not be taken for those of the next one.
        slot.Generation++;
    }

    public void Poll(long until, ISocketEvents events)
    {
        if (until != _awaited)
        {
            _awaited = until;
            _sleep = until - MonotonicClock.System.Now < LeastWait ? until : until - Awake;
        }
        var count = _epoll.Wait(_sleep);
        for (var i = 0; i < count; i++)
        {
            if (!_epoll.Event(i, out var flags, out var key)) continue;
            var connection = (int)(uint)key;
            var generation = (int)(key >> 32);
            if (_slots[connection].Generation == generation) Serve(connection, flags, events);
        }
    }

    public void Wake() => _epoll.Wake();

    public string Describe(int error) => LinuxError.Describe(error);

    public void Dispose()
    {
        for (var i = 0; i < _slots.Length; i++) Close(i);
        _epoll.Dispose();
    }

    private static ulong Key(int connection, int generation) => (uint)connection | ((ulong)(uint)generation << 32);

    private void Serve(int connection, uint flags, ISocketEvents events)
    {
        ref var slot = ref _slots[connection];
        var generation = slot.Generation;
        slot.Ending |= (flags & (Libc.EPOLLERR | Libc.EPOLLHUP | Libc.EPOLLRDHUP)) != 0;
        var error = 0;
        if (slot.Connecting)
        {
            if (!slot.Ending && (flags & Libc.EPOLLOUT) == 0) return;
            error = SocketError(slot.Descriptor);
            if (error != 0)
            {
                events.Ended(connection, error, MonotonicClock.System.Now);
                return;
            }
            slot.Connecting = false;
            events.Connected(connection, MonotonicClock.System.Now);
            if (slot.Generation != generation) return;
        }
        else if (slot.Unsent is not null && (flags & Libc.EPOLLOUT) != 0)
        {
            error = SendOn(ref slot);
            if (slot.Unsent is null && error == 0) events.AllSent(connection);
        }
        if (slot.Ending || (flags & Libc.EPOLLIN) != 0) Receive(connection, events);
        // A server may refuse a request before it has read all of it; its answer, read just now, says more than the broken pipe.
        if (error != 0 && slot.Generation == generation) events.Ended(connection, error, MonotonicClock.System.Now);
    }

    private void Receive(int connection, ISocketEvents events)
    {
        ref var slot = ref _slots[connection];
        var generation = slot.Generation;
        while (slot.Generation == generation)
        {
            nint count;
            long arrived;
            fixed (byte* buffer = _buffer) count = ArrivalStamp.Receive(slot.Descriptor, buffer, BufferSize, out arrived);
            var error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error == Libc.EAGAIN) return;
            if (error == Libc.EINTR) continue;
            if (count <= 0)
            {
                events.Ended(connection, error, arrived);
                return;
            }
            events.Received(connection, _buffer.AsSpan(0, (int)count), arrived);
            // A read that does not fill the buffer has emptied the socket, and what comes after it is a new edge (epoll(7),
            // question 9); only the end, when it is known to be there, must be fetched.
            if (count < BufferSize && !slot.Ending) return;
        }
    }

    /// <returns>0 when all or as much as fits has gone out, else why the connection broke.</returns>
    private static int SendOn(ref Slot slot)
    {
        var error = SendSome(ref slot, slot.Unsent.AsSpan(0, slot.UnsentBytes));
        if (error != 0 || slot.SentBytes == slot.UnsentBytes) slot.Unsent = null;
        return error;
    }

    /// <summary>Goes on from the bytes that have been sent.</summary>
    private static int SendSome(ref Slot slot, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (slot.SentBytes < bytes.Length)
            {
                var count = Libc.send(slot.Descriptor, start + slot.SentBytes, bytes.Length - slot.SentBytes, Libc.MSG_NOSIGNAL);
                if (count >= 0)
                {
                    slot.SentBytes += (int)count;
                    continue;
                }
                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.EINTR) continue;
                if (error == Libc.EAGAIN) return 0;
                slot.Ending = true;
                return error;
            }
        }
        return 0;
    }

    private static int SocketError(int socket)
    {
        int error;
        uint length = sizeof(int);
        return Libc.getsockopt(socket, Libc.SOL_SOCKET, Libc.SO_ERROR, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    private struct Slot
    {
        public int Descriptor;
        public int Generation;
        public bool Connecting;

        /// <summary>The other side has closed or broken the connection; there may still be something to read.</summary>
        public bool Ending;

        /// <summary>What is being sent, how much of it there is, and how much of that has gone out; null when all has.</summary>
        public byte[]? Unsent;
        public int UnsentBytes;
        public int SentBytes;

        /// <summary>Room of the slot's own for bytes that are sent later; null until some were.</summary>
        public byte[]? Waiting;
    }
}
