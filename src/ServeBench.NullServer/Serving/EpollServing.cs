using System.Net.Sockets;
using System.Runtime.InteropServices;
using ServeBench.Platform.Linux;
using ServeBench.Platform;

namespace ServeBench.NullServer.Serving;

/// <summary>
/// One thread on epoll. Planted answers are timed by the queue's timer and, for the last stretch, by polling: a timer alone
/// comes late by what the processor takes to wake up.
/// </summary>
internal sealed unsafe class EpollServing : IServing
{
    private const int BufferSize = 64 * 1024;
    private const ulong ListenerKey = 0;

    /// <summary>How long before an answer is due the thread stops sleeping.</summary>
    private const long Polling = 200_000;

    private readonly Socket _listener;
    private readonly Desk _desk;
    private readonly Epoll _epoll = new(maximum: 64);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private readonly PriorityQueue<Client, long> _due = new();
    private readonly Dictionary<ulong, Client> _clients = [];
    private ulong _lastKey = ListenerKey;
    private volatile bool _stopped;

    public EpollServing(Socket listener, Desk desk)
    {
        _listener = listener;
        _desk = desk;
        listener.Blocking = false;
        _epoll.Add(Listener, Libc.EPOLLIN, ListenerKey);
    }

    private int Listener => (int)_listener.SafeHandle.DangerousGetHandle();

    public void Run()
    {
        while (!_stopped)
        {
            AnswerDue();
            var until = _due.TryPeek(out _, out var due) ? due - Polling : long.MaxValue;
            var count = _epoll.Wait(until);
            for (var i = 0; i < count; i++)
            {
                if (!_epoll.Event(i, out var flags, out var key)) continue;
                if (key == ListenerKey) Accept();
                else if (_clients.TryGetValue(key, out var client)) Serve(client, flags);
            }
        }
    }

    public void Stop()
    {
        _stopped = true;
        _epoll.Wake();
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) _ = Libc.close(client.Socket);
        _clients.Clear();
        _epoll.Dispose();
        _listener.Dispose();
    }

    private void AnswerDue()
    {
        while (_due.TryPeek(out var client, out var due) && due <= MonotonicClock.System.Now)
        {
            _due.Dequeue();
            if (!_clients.ContainsKey(client.Key)) continue;
            var now = MonotonicClock.System.Now;
            _desk.Planter.Remember(client.Planned, now - (client.IsPaused ? client.Went : client.Received), client.IsPaused);
            client.Went = now;
            client.Talk.Answer();
            Send(client);
        }
    }

    private void Accept()
    {
        while (true)
        {
            var socket = Libc.accept4(Listener, null, null, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
            if (socket < 0)
            {
                // No more of them, or one that has gone again already.
                if (Marshal.GetLastPInvokeError() is Libc.EAGAIN) return;
                if (Marshal.GetLastPInvokeError() is Libc.EINTR or Libc.ECONNABORTED) continue;
                LinuxError.Check(socket, "accept a connection");
            }
            var on = 1;
            LinuxError.Check(Libc.setsockopt(socket, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, &on, sizeof(int)), "set TCP_NODELAY");
            ArrivalStamp.Enable(socket);
            var client = new Client(++_lastKey, socket, _desk.NewConversation());
            _clients.Add(client.Key, client);
            _epoll.Add(socket, Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLET, client.Key);
        }
    }

    private void Serve(Client client, uint flags)
    {
        // An answer that waits until it is due is no output yet.
        if ((flags & Libc.EPOLLOUT) != 0) Send(client);
        const uint ending = Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR;
        if ((flags & (Libc.EPOLLIN | ending)) == 0) return;
        while (_clients.ContainsKey(client.Key))
        {
            nint count;
            long arrived;
            fixed (byte* buffer = _buffer) count = ArrivalStamp.Receive(client.Socket, buffer, BufferSize, out arrived);
            if (count < 0 && Marshal.GetLastPInvokeError() == Libc.EAGAIN) return;
            if (count < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR) continue;
            if (count <= 0)
            {
                Close(client);
                return;
            }
            Take(client, _buffer.AsSpan(0, (int)count), arrived);
            if (count < BufferSize && (flags & ending) == 0) return;
        }
    }

    private void Take(Client client, ReadOnlySpan<byte> bytes, long received)
    {
        if (client.Talk is { IsAnswering: true, HearsMeanwhile: false })
        {
            // A second request before the first is answered: not something that this server is for.
            Close(client);
            return;
        }
        if (client.Talk.Feed(bytes))
        {
            var (planned, dropped) = _desk.Delay(client.Talk);
            if (dropped)
            {
                Close(client);
                return;
            }
            if (planned is { } delay)
            {
                client.Received = received;
                client.Planned = delay;
                client.IsPaused = false;
                client.Due = received + delay;
                _due.Enqueue(client, client.Due);
            }
            else
            {
                client.Due = received;
                client.Went = MonotonicClock.System.Now;
                client.Talk.Answer();
            }
        }
        Send(client);
    }

    private void Send(Client client)
    {
        while (client.Talk.Output is { Count: > 0 } output)
        {
            if (!Send(client, output)) return;
            client.SentBytes = 0;
            client.Talk.Sent();
            if (client.Talk.Pause is { } pause) Rest(client, pause);
        }
        if (client.Talk.IsOver) Close(client);
    }

    /// <summary>The next piece is due by when this one was, so that lateness does not add up.</summary>
    private void Rest(Client client, long pause)
    {
        client.IsPaused = true;
        client.Planned = pause;
        client.Due += pause;
        _due.Enqueue(client, client.Due);
    }

    /// <returns>True when all of the output has gone out.</returns>
    private bool Send(Client client, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (client.SentBytes < bytes.Length)
            {
                var count = Libc.send(client.Socket, start + client.SentBytes, bytes.Length - client.SentBytes, Libc.MSG_NOSIGNAL);
                if (count >= 0)
                {
                    client.SentBytes += (int)count;
                    continue;
                }
                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.EINTR) continue;
                if (error != Libc.EAGAIN) Close(client);
                return false;
            }
        }
        return true;
    }

    private void Close(Client client)
    {
        _ = Libc.close(client.Socket);
        _clients.Remove(client.Key);
    }

    private sealed class Client(ulong key, int socket, Conversation talk)
    {
        public ulong Key { get; } = key;

        public int Socket { get; } = socket;

        public Conversation Talk { get; } = talk;

        /// <summary>How much of its output has gone out.</summary>
        public int SentBytes { get; set; }

        public long Received { get; set; }

        public long Planned { get; set; }

        /// <summary>When the piece before was due.</summary>
        public long Due { get; set; }

        /// <summary>When it went out.</summary>
        public long Went { get; set; }

        /// <summary>Whether what is due next is not the first piece of an answer.</summary>
        public bool IsPaused { get; set; }
    }
}
