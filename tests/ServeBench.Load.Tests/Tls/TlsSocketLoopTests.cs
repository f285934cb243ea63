using System.Net.Security;
using ServeBench.Domain.Targets;
using ServeBench.Load.Native;
using ServeBench.Load.Tls;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Tls;

/// <summary>What a failed send leaves behind on a connection's number: nothing.</summary>
public sealed class TlsSocketLoopTests
{
    [Fact]
    public void A_number_whose_handshake_could_not_be_sent_can_connect_again()
    {
        var socket = new OneSocket { Fails = true };
        using var loop = new TlsSocketLoop(socket, new TlsTrust("example.test", null), SslApplicationProtocol.Http11, 1);
        loop.Poll(0, new Nobody());
        Assert.Equal(0, socket.Sent);
        loop.Close(0);
        socket.Fails = false;
        loop.Poll(0, new Nobody());
        Assert.True(socket.Sent > 0, "the second connection sends nothing of its handshake");
    }

    /// <summary>A connection that is made at every poll, and whose sends fail or are counted.</summary>
    private sealed class OneSocket : ISocketLoop
    {
        public bool Fails { get; set; }

        public int Sent { get; private set; }

        public MonotonicClock Clock => MonotonicClock.System;

        public bool WorksOnOneThread => true;

        public int Connect(int connection) => 0;

        public int Send(int connection, byte[] bytes) => SendAfterWaiting(connection, bytes);

        public int SendAfterWaiting(int connection, ReadOnlySpan<byte> bytes)
        {
            if (Fails) return 32;
            Sent += bytes.Length;
            return 0;
        }

        public bool HasSentNothing(int connection) => Sent == 0;

        public bool HasUnsent(int connection) => false;

        public bool IsEnded(int connection) => false;

        public void Close(int connection)
        {
        }

        public void Poll(long until, ISocketEvents events) => events.Connected(0, Clock.Now);

        public void Wake()
        {
        }

        public string Describe(int error) => $"{error}";

        public void Dispose()
        {
        }
    }

    private sealed class Nobody : ISocketEvents
    {
        public void Connected(int connection, long now)
        {
        }

        public void Received(int connection, ReadOnlySpan<byte> bytes, long arrived)
        {
        }

        public void AllSent(int connection)
        {
        }

        public void Ended(int connection, int error, long now)
        {
        }
    }
}
