using ServeBench.Load.Http2;

namespace ServeBench.Load.Tests.Http2;

/// <summary>The client's side of HTTP/2 against bytes that a server might send, in whatever pieces.</summary>
public sealed class Http2ConnectionTests
{
    private static readonly byte[] Settings = Frames.Of(Frames.Settings, 0, 0);

    private readonly ResponseLog _response = new();
    private readonly Http2Connection _connection;

    public Http2ConnectionTests() => _connection = new Http2Connection(_response);

    [Fact]
    public void A_connection_begins_with_preface_settings_and_window_and_goes_on_with_odd_streams()
    {
        _connection.Begin(Request(3), 3, isFirst: true);
        var sent = Taken();
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;
        Assert.True(sent.AsSpan().StartsWith(preface));
        var frames = Frames.Parse(sent.AsSpan(preface.Length));
        Assert.Equal([(Frames.Settings, 0, 0), (Frames.WindowUpdate, 0, 0), (Frames.Headers, 4, 1), (Frames.Data, 1, 1)], frames.Select(f => (f.Type, f.Flags, f.Stream)));
        Assert.Equal([.. Frames.Setting(1, 0), .. Frames.Setting(2, 0), .. Frames.Setting(4, int.MaxValue)], frames[0].Payload);
        Assert.Equal(Frames.Number(int.MaxValue - 65_535), frames[1].Payload);
        Assert.Equal([0, 1, 2], frames[3].Payload);
        Assert.True(Feed(Settings, Frames.Of(Frames.Settings, Frames.Ack, 0), Frames.Head, Frames.Trailers));
        Assert.True(_connection.CanGoOn);
        Assert.Equal([(Frames.Settings, Frames.Ack, 0)], Frames.Parse(Taken()).Select(f => (f.Type, f.Flags, f.Stream)));
        _connection.Begin(Request(0), 0, isFirst: false);
        Assert.Equal([3], Frames.Parse(Taken()).Select(f => f.Stream));
    }

    [Fact]
    public void An_answer_comes_in_fields_data_and_trailers_however_it_is_cut()
    {
        byte[] padded = Frames.Of(Frames.Data, Frames.Padded, 1, [2, 7, 8, 9, 0, 0]);
        byte[] block = [0x88, .. Frames.Field("content-type", "application/grpc")];
        byte[] all =
        [
            .. Settings,
            .. Frames.Of(Frames.Headers, Frames.Padded | Frames.Priority, 1, [3, 0, 0, 0, 0, 16, .. block[..5], 0, 0, 0]),
            .. Frames.Of(Frames.Continuation, 0, 1, block[5..9]), .. Frames.Of(Frames.Continuation, Frames.EndHeaders, 1, block[9..]),
            .. Frames.Of(2, 0, 1, [0, 0, 0, 0, 1]), .. padded, .. Frames.Of(Frames.Data, 0, 1), .. Frames.Of(250, 255, 77, [1, 2, 3]), .. Frames.Trailers,
        ];
        foreach (var size in new[] { 1, 2, 3, 5, 8, 13, all.Length })
        {
            var response = new ResponseLog();
            var connection = new Http2Connection(response);
            connection.Begin(Request(0), 0, isFirst: true);
            for (var at = 0; at < all.Length; at += size) Assert.True(connection.Feed(all.AsSpan(at, Math.Min(size, all.Length - at))), connection.Problem);
            Assert.Equal([":status: 200", "content-type: application/grpc", "fields", "grpc-status: 0", "last fields"], response.Log);
            Assert.Equal(3, response.Bytes);
            Assert.False(connection.IsOpen);
        }
    }

    /// <summary>600 KB go out as far as windows allow: first the connection's 65,535 bytes, then as more is given on both levels.</summary>
    [Fact]
    public void A_large_body_waits_for_both_windows()
    {
        const int size = 600_000;
        _connection.Begin(Request(size), size, isFirst: true);
        var sent = DataOf(Taken(skip: 24));
        Assert.Equal(65_535, sent.Sum(f => f.Payload.Length));
        Assert.All(sent, f => Assert.InRange(f.Payload.Length, 1, 16_384));
        Assert.False(_connection.CanGoOn);
        // The stream's alone is not enough, and a larger beginning counts for streams that there are.
        Assert.True(Feed(Frames.Of(Frames.Settings, 0, 0, Frames.Setting(4, 65_535 + 300_000))));
        Assert.Empty(DataOf(Taken()));
        Assert.True(Feed(Frames.Of(Frames.WindowUpdate, 0, 0, Frames.Number(1_000_000))));
        sent = DataOf(Taken());
        Assert.Equal(300_000, sent.Sum(f => f.Payload.Length));
        // A window may become negative (RFC 9113, 6.9.2).
        Assert.True(Feed(Frames.Of(Frames.Settings, 0, 0, Frames.Setting(4, 300_000)), Frames.Of(Frames.WindowUpdate, 0, 1, Frames.Number(65_536))));
        Assert.Single(Assert.Single(DataOf(Taken())).Payload);
        Assert.True(Feed(Frames.Of(Frames.WindowUpdate, 0, 1, Frames.Number(1_000_000))));
        sent = DataOf(Taken());
        Assert.Equal(size - 65_535 - 300_000 - 1, sent.Sum(f => f.Payload.Length));
        Assert.Equal([.. Enumerable.Repeat(0, sent.Count - 1), Frames.EndStream], sent.Select(f => f.Flags));
        Assert.Equal(Request(size)[^1], sent[^1].Payload[^1]);
        Assert.True(Feed(Frames.Head, Frames.Trailers));
        Assert.True(_connection.CanGoOn);
    }

    /// <summary>A server may answer before it has the whole request; the connection then has half a request on it.</summary>
    [Fact]
    public void An_answer_to_half_a_request_ends_the_connection_unless_the_server_wants_no_more()
    {
        _connection.Begin(Request(100_000), 100_000, isFirst: true);
        Taken();
        Assert.True(Feed(Settings, Frames.Head, Frames.Trailers));
        Assert.False(_connection.CanGoOn);
        Assert.True(Feed(Frames.Of(Frames.Reset, 0, 1, Frames.Number(0))));
        Assert.True(_connection.CanGoOn);
        Assert.DoesNotContain(_response.Log, l => l.StartsWith("reset", StringComparison.Ordinal));
    }

    /// <summary>A reply goes behind the piece that was taken last, and in front of what is left of the request; none is lost.</summary>
    [Fact]
    public void A_reply_goes_between_two_pieces_of_a_request()
    {
        _connection.Begin(Request(100_000), 100_000, isFirst: true);
        Assert.True(Feed(Settings, Frames.Of(Frames.WindowUpdate, 0, 0, Frames.Number(100_000)), Frames.Of(Frames.WindowUpdate, 0, 1, Frames.Number(100_000))));
        Assert.True(_connection.Sender.TryTake(out var first));
        var before = Frames.Parse(first["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length..]);
        Assert.True(Feed(Frames.Of(Frames.Ping, 0, 0, new byte[8])));
        var after = Frames.Parse(Taken());
        Assert.Equal(Frames.Ping, after[0].Type);
        Assert.Equal(100_000, before.Concat(after).Where(f => f.Type == Frames.Data).Sum(f => f.Payload.Length));
        Assert.Single(before.Concat(after), f => f.Type == Frames.Settings && f.Flags == Frames.Ack);
    }

    [Fact]
    public void Replies_that_nobody_reads_have_a_limit()
    {
        Open();
        var ping = Frames.Of(Frames.Ping, 0, 0, new byte[8]);
        var count = 0;
        while (Feed(ping)) Assert.InRange(++count, 1, 40_000);
        Assert.Equal("the server asks for more replies (PING, SETTINGS) than it reads", _connection.Problem);
        Assert.InRange(count, 20_000, 40_000);
    }

    [Fact]
    public void A_ping_is_answered_and_a_reset_is_told()
    {
        Open();
        Assert.True(Feed(Frames.Of(Frames.Ping, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8), Frames.Of(Frames.Ping, Frames.Ack, 0, 1, 2, 3, 4, 5, 6, 7, 8)));
        var pong = Assert.Single(Frames.Parse(Taken()));
        Assert.Equal((Frames.Ping, Frames.Ack, 8), (pong.Type, pong.Flags, pong.Payload[^1]));
        Assert.True(Feed(Frames.Of(Frames.Reset, 0, 1, Frames.Number(11))));
        Assert.Equal(["reset 11"], _response.Log);
        Assert.True(_connection.CanGoOn);
    }

    [Fact]
    public void What_is_left_of_an_earlier_answer_is_passed_over()
    {
        Open();
        Assert.True(Feed(Frames.Head, Frames.Trailers));
        _connection.Begin(Request(0), 0, isFirst: false);
        Taken();
        byte[] late = [.. Frames.Of(Frames.WindowUpdate, 0, 1, Frames.Number(5)), .. Frames.Of(Frames.Reset, 0, 1, Frames.Number(0)), .. Frames.Of(Frames.Data, 0, 1, 1, 2)];
        Assert.True(Feed(late, Frames.On(3, Frames.Head), Frames.On(3, Frames.Trailers)), _connection.Problem);
        Assert.Equal(0, _response.Bytes);
        Assert.True(_connection.CanGoOn);
    }

    [Theory]
    [InlineData(int.MaxValue, false)] // a server that shuts down slowly
    [InlineData(1, false)]
    [InlineData(0, true)]
    public void After_GOAWAY_the_connection_carries_no_other_request(int last, bool notTaken)
    {
        Open();
        Assert.True(Feed(Frames.Of(Frames.GoAway, 0, 0, [.. Frames.Number(last), .. Frames.Number(0)])));
        Assert.Equal((notTaken, true), (_connection.WasNotTaken, _connection.IsClosing));
        Assert.True(Feed(Frames.Head, Frames.Trailers));
        Assert.False(_connection.CanGoOn);
        Assert.False(_connection.WasNotTaken);
    }

    [Fact]
    public void When_the_numbers_of_streams_run_out_the_connection_is_over()
    {
        var connection = new Http2Connection(_response, lastStream: int.MaxValue - 4);
        foreach (var (stream, isLast) in new[] { (int.MaxValue - 2, false), (int.MaxValue, true) })
        {
            connection.Begin(Request(0), 0, isFirst: !isLast);
            Assert.True(connection.Feed([.. isLast ? [] : Settings, .. Frames.On(stream, Frames.Head), .. Frames.On(stream, Frames.Trailers)]), connection.Problem);
            Assert.Equal(isLast, !connection.CanGoOn);
        }
    }

    /// <summary>A gigabyte of answers, and the server is let send on.</summary>
    [Fact]
    public void The_server_never_runs_out_of_window()
    {
        Open();
        Assert.True(Feed(Frames.Head));
        var data = Frames.Of(Frames.Data, 0, 1, new byte[16_384]);
        for (var i = 0; i < 65_535; i++) Assert.True(_connection.Feed(data));
        Assert.Empty(Taken());
        Assert.True(_connection.Feed(data));
        var update = Assert.Single(Frames.Parse(Taken()));
        Assert.Equal((Frames.WindowUpdate, 0), (update.Type, update.Stream));
        Assert.Equal(Frames.Number(1 << 30), update.Payload);
        Assert.Equal(1 << 30, _response.Bytes);
    }

    public static TheoryData<byte[], string> Malformed { get; } = new()
    {
        { Frames.Of(Frames.Data, 0, 3, 1), "stream 3, which nobody opened" },
        { Frames.Of(Frames.Data, 0, 0, 1), "stream 0, which nobody opened" },
        { Frames.Of(Frames.Headers, Frames.EndHeaders, 2, 0x88), "stream 2, which nobody opened" },
        { Frames.Of(Frames.Headers, Frames.EndHeaders | Frames.Padded, 1, 5, 0x88), "more padding than bytes" },
        { Frames.Of(Frames.Headers, Frames.EndHeaders | Frames.Priority, 1, 5, 0x88), "too short" },
        { Frames.Of(Frames.Headers, Frames.EndHeaders, 1, 0x80), "field number 0" },
        { [.. Frames.Of(Frames.Headers, 0, 1, 0x88), .. Frames.Of(Frames.Ping, 0, 0, new byte[8])], "interrupted" },
        { [.. Frames.Of(Frames.Headers, 0, 1, 0x88), .. Frames.Of(Frames.Continuation, 4, 3)], "interrupted" },
        { [.. Frames.Of(Frames.Headers, 0, 1), .. Enumerable.Repeat(Frames.Of(Frames.Continuation, 0, 1, new byte[16_384]), 5).SelectMany(f => f)], "longer than 64 KiB" },
        { Frames.Of(Frames.Continuation, 4, 1, 0x88), "continues nothing" },
        { [.. Frames.Head, .. Frames.Of(Frames.Data, Frames.Padded, 1, 4, 1, 1, 1)], "more padding than bytes" },
        { [.. Frames.Head, .. Frames.Of(Frames.Data, Frames.Padded, 1)], "a padded frame has no bytes" },
        { Frames.Of(Frames.Ping, 0, 0, 1, 2, 3), "a malformed PING" },
        { Frames.Of(Frames.Ping, 0, 1, new byte[8]), "a malformed PING" },
        { Frames.Of(Frames.Settings, 0, 0, 1, 2, 3), "a malformed SETTINGS" },
        { Frames.Of(Frames.Settings, 0, 1), "a malformed SETTINGS" },
        { Frames.Of(Frames.Settings, Frames.Ack, 0, new byte[6]), "a malformed SETTINGS" },
        { Frames.Of(Frames.Settings, 0, 0, Frames.Setting(4, -1)), "beyond 2,147,483,647" },
        { Frames.Of(Frames.Settings, 0, 0, Frames.Setting(5, 100)), "not from 16,384" },
        { Frames.Of(Frames.Settings, 0, 0, Frames.Setting(2, 2)), "SETTINGS_ENABLE_PUSH is 2" },
        { [.. Frames.Of(Frames.WindowUpdate, 0, 1, Frames.Number(1 << 30)), .. Frames.Of(Frames.Settings, 0, 0, Frames.Setting(4, int.MaxValue))], "make a window too large" },
        { Frames.Of(Frames.WindowUpdate, 0, 0, Frames.Number(0)), "of no bytes" },
        { Frames.Of(Frames.WindowUpdate, 0, 0, 1), "a malformed WINDOW_UPDATE" },
        { [.. Frames.Of(Frames.WindowUpdate, 0, 0, Frames.Number(int.MaxValue)), .. Frames.Of(Frames.WindowUpdate, 0, 0, Frames.Number(1))], "makes a window too large" },
        { [.. Frames.Of(Frames.WindowUpdate, 0, 1, Frames.Number(int.MaxValue)), .. Frames.Of(Frames.WindowUpdate, 0, 1, Frames.Number(1))], "makes a window too large" },
        { Frames.Of(Frames.Reset, 0, 1, 1), "a malformed RST_STREAM" },
        { Frames.Of(Frames.Reset, 0, 0, Frames.Number(1)), "a malformed RST_STREAM" },
        { Frames.Of(Frames.Reset, 0, 5, Frames.Number(1)), "nobody opened" },
        { Frames.Of(Frames.GoAway, 0, 0, 1), "a malformed GOAWAY" },
        { Frames.Of(Frames.GoAway, 0, 1, new byte[8]), "a malformed GOAWAY" },
        { Frames.Of(Frames.Push, 0, 1, 0, 0, 0, 2), "pushes" },
        { Frames.Of(Frames.Ping, 0, 0, new byte[16_385]), "16,385 bytes, and the limit is 16,384" },
        { [.. Frames.Head, .. Frames.Trailers, .. Frames.Of(Frames.Data, 0, 1, 1)], "follow the end of the answer" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_a_server_must_not_send_is_told(byte[] bytes, string problem)
    {
        // Something of the request is still to be sent, so that windows matter.
        _connection.Begin(Request(100_000), 100_000, isFirst: true);
        Taken();
        Assert.True(Feed(Settings));
        Assert.False(Feed(bytes));
        Assert.Contains(problem, _connection.Problem, StringComparison.Ordinal);
        Assert.False(Feed(Settings), "what is malformed stays so");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "the server speaks HTTP/1 here, not HTTP/2")]
    [InlineData("\u0000\u0000\u0000\u0004\u0001\u0000\u0000\u0000\u0000", "does not begin with the server's SETTINGS")]
    [InlineData("SSH-2.0-OpenSSH", "does not begin with the server's SETTINGS")]
    public void A_server_of_another_protocol_is_found_out(string bytes, string problem)
    {
        _connection.Begin(Request(0), 0, isFirst: true);
        Assert.False(Feed(Latin1.Bytes(bytes)));
        Assert.Contains(problem, _connection.Problem, StringComparison.Ordinal);
        // The next connection begins anew.
        _connection.Begin(Request(0), 0, isFirst: true);
        Assert.True(Feed(Settings, Frames.Head, Frames.Trailers), _connection.Problem);
    }

    private void Open()
    {
        _connection.Begin(Request(0), 0, isFirst: true);
        Assert.True(Feed(Settings));
        Taken();
    }

    private bool Feed(params byte[][] frames)
    {
        foreach (var frame in frames)
            if (!_connection.Feed(frame)) return false;
        return true;
    }

    private byte[] Taken(int skip = 0)
    {
        var all = new List<byte>();
        while (_connection.Sender.TryTake(out var bytes)) all.AddRange(bytes);
        return [.. all.Skip(skip)];
    }

    private static List<(int Type, int Flags, int Stream, byte[] Payload)> DataOf(byte[] bytes) => [.. Frames.Parse(bytes).Where(f => f.Type == Frames.Data)];

    /// <summary>A HEADERS frame of nothing, and a body of so many bytes.</summary>
    private static byte[] Request(int body) => [.. Frames.Of(Frames.Headers, Frames.EndHeaders, 0), .. Enumerable.Range(0, body).Select(i => (byte)i)];
}
