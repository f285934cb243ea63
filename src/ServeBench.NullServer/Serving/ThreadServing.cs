using System.Net.Sockets;
using ServeBench.Platform;

namespace ServeBench.NullServer.Serving;

/// <summary>One thread per connection on blocking sockets: for systems without epoll.</summary>
internal sealed class ThreadServing(Socket listener, Desk desk) : IServing
{
    /// <summary>Sleeping comes late by up to a few milliseconds, so the end of a wait is not slept.</summary>
    private const long Awake = 3_000_000;

    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _clients = [];
    private volatile bool _stopped;

    public void Run()
    {
        while (!_stopped)
        {
            Socket client;
            try
            {
                client = listener.Accept();
            }
            catch (SocketException) when (_stopped)
            {
                return;
            }
            catch (ObjectDisposedException) when (_stopped)
            {
                return;
            }
            lock (_gate) _clients.Add(client);
            new Thread(() => Serve(client), 256 * 1024) { IsBackground = true, Name = "null server connection" }.Start();
        }
    }

    public void Stop()
    {
        _stopped = true;
        listener.Dispose();
        lock (_gate)
        {
            foreach (var client in _clients) client.Dispose();
        }
    }

    public void Dispose() => Stop();

    private void Serve(Socket client)
    {
        try
        {
            client.NoDelay = true;
            var buffer = new byte[64 * 1024];
            var talk = desk.NewConversation();
            while (!talk.IsOver && client.Receive(buffer) is > 0 and var count)
            {
                var received = MonotonicClock.System.Now;
                var isAsked = talk.Feed(buffer.AsSpan(0, count));
                Send(client, talk);
                if (!isAsked) continue;
                var (planned, dropped) = desk.Delay(talk);
                if (dropped) break;
                if (planned is { } delay) Wait(received, delay, isPause: false);
                talk.Answer();
                Send(client, talk);
                while (talk.Pause is { } pause)
                {
                    Wait(MonotonicClock.System.Now, pause, isPause: true);
                    talk.Answer();
                    Send(client, talk);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client has gone, or the server is stopping; either way this connection is over.
        }
        finally
        {
            client.Dispose();
            lock (_gate) _clients.Remove(client);
        }
    }

    private static void Send(Socket client, Conversation talk)
    {
        while (talk.Output is { Count: > 0 } output)
        {
            client.Send(output);
            talk.Sent();
        }
    }

    private void Wait(long received, long planned, bool isPause)
    {
        var sleep = (planned - Awake) / 1_000_000;
        if (sleep > 0) Thread.Sleep((int)sleep);
        while (MonotonicClock.System.Now - received < planned) Thread.Yield();
        desk.Planter.Remember(planned, MonotonicClock.System.Now - received, isPause);
    }
}
