using ServeBench.Load.Encoding;
using ServeBench.Load.Native;
using ServeBench.Load.Tests.Http2;
using ServeBench.Load.Wire;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Native;

public sealed class BackPressureTests
{
    [Fact]
    public void While_bytes_wait_nothing_more_is_given_to_the_socket()
    {
        using var loop = new FullLoop();
        var reader = new GrpcAnswerReader(streams: false);
        var connection = new Connection(0, reader) { State = ConnectionState.Busy };
        const int body = 1_000_000;
        Assert.Equal(0, connection.Send(loop, new RenderedRequest([.. Frames.Of(Frames.Headers, Frames.EndHeaders, 0), .. new byte[body]], body, 1)));
        byte[] window = Frames.Number(2 * body);
        reader.Feed([.. Frames.Of(Frames.Settings, 0, 0), .. Frames.Of(Frames.WindowUpdate, 0, 0, window), .. Frames.Of(Frames.WindowUpdate, 0, 1, window)], 1);
        connection.Flush(loop);
        Assert.Equal(1, loop.Sends);
        int pieces;
        do
        {
            pieces = loop.Sends;
            loop.HasUnsentNow = false;
            connection.Flush(loop);
        }
        while (loop.Sends == pieces + 1);
        Assert.Equal(pieces, loop.Sends);
        Assert.InRange(pieces, 12, 20);
        Assert.InRange(loop.Bytes, body, body + 10_000);
        Assert.InRange(loop.Largest, 1, 100_000);
    }

    /// <summary>A socket that takes one piece, and then none until somebody has read it.</summary>
    private sealed class FullLoop : ISocketLoop
    {
        public bool HasUnsentNow { get; set; }

        public int Sends { get; private set; }

        public int Bytes { get; private set; }

        public int Largest { get; private set; }

        public MonotonicClock Clock => MonotonicClock.System;

        public bool WorksOnOneThread => true;

        public int Connect(int connection) => 0;

        public int Send(int connection, byte[] bytes) => throw new NotSupportedException();

        public int SendAfterWaiting(int connection, ReadOnlySpan<byte> bytes)
        {
            Sends++;
            Bytes += bytes.Length;
            Largest = Math.Max(Largest, bytes.Length);
            HasUnsentNow = true;
            return 0;
        }

        public bool HasSentNothing(int connection) => false;

        public bool HasUnsent(int connection) => HasUnsentNow;

        public bool IsEnded(int connection) => false;

        public void Close(int connection) { }

        public void Poll(long until, ISocketEvents events) { }

        public void Wake() { }

        public string Describe(int error) => "";

        public void Dispose() { }
    }
}
