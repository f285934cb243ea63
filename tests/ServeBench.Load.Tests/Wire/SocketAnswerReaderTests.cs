using System.Net;
using System.Security.Cryptography;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.WebSockets;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

/// <summary>A WebSocket's answers, as RFC 6455 lets servers write them and as they must not.</summary>
public sealed class SocketAnswerReaderTests
{
    private static readonly WebSocketMessages Wire = new("/ws", new JsonLiteralTemplate("{\"prompt\":\"é\"}"), new StreamEnd("[DONE]", null), null);

    private static readonly RenderedRequest Request = Wire.Renderer("p", new IPEndPoint(IPAddress.Loopback, 80))(PayloadVariables.OfTexts("m", ["x"]));

    private static string Handshake => Latin1.Text(Request.Bytes.AsSpan(0, WebSocketMessages.FrameAt(Request)));

    private static byte[] Switch
    {
        get
        {
            var key = Handshake.Split("\r\n").Single(l => l.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))["Sec-WebSocket-Key: ".Length..];
#pragma warning disable CA5350 // The algorithm that RFC 6455 names.
            var accept = Convert.ToBase64String(SHA1.HashData(Latin1.Bytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
            return Latin1.Bytes($"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nSEC-WebSocket-Accept:  {accept}\r\nconnection: Upgrade\r\n\r\n");
        }
    }

    /// <summary>A server's frame.</summary>
    private static byte[] Frame(int kind, string text, bool isFinal = true) =>
        [(byte)((isFinal ? 0x80 : 0) | kind), .. text.Length < 126 ? (byte[])[(byte)text.Length] : [126, (byte)(text.Length >> 8), (byte)text.Length], .. Latin1.Bytes(text)];

    [Fact]
    public void The_question_goes_out_first_and_the_message_once_it_is_agreed_to()
    {
        var reader = Opened(agreed: false);
        Assert.StartsWith("GET /ws HTTP/1.1\r\nHost: 127.0.0.1:80\r\nUpgrade: websocket\r\n", Latin1.Text(Taken(reader)), StringComparison.Ordinal);
        Assert.Empty(Taken(reader));
        reader.Feed(Switch, 1);
        Assert.Equal((ParserState.Incomplete, false, false), (reader.State, reader.Started, reader.HasFirst));
        var frame = Taken(reader);
        Assert.Equal(0x81, frame[0]);
        Assert.Equal(0x80, frame[1] & 0x80);
        Assert.Equal("{\"prompt\":\"é\"}", System.Text.Encoding.UTF8.GetString(SocketFrame.MessageOf(frame)));
        Assert.Empty(Taken(reader));
        // The next request needs no question.
        reader.Feed(Frame(SocketFrame.Text, "[DONE]"), 2);
        reader.Begin(Request, isFirst: false);
        reader.Reset(null);
        Assert.Equal(frame, Taken(reader));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void A_message_of_any_length_is_masked_and_can_be_read_again(int length)
    {
        var message = RandomNumberGenerator.GetBytes(length);
        var frame = SocketFrame.Of(SocketFrame.Text, message);
        Assert.Equal(length + 6 + (length < 126 ? 0 : length < 65_536 ? 2 : 8), frame.Length);
        Assert.Equal(message, SocketFrame.MessageOf(frame));
    }

    [Fact]
    public void An_answer_is_the_same_wherever_it_is_cut_into_pieces()
    {
        byte[] answer =
        [
            .. Switch, .. Frame(SocketFrame.Text, "{\"a\":1}"), .. Frame(SocketFrame.Ping, "still there?"), .. Frame(SocketFrame.Text, "{\"b", isFinal: false),
            .. Frame(SocketFrame.Pong, ""), .. Frame(SocketFrame.Continuation, "", isFinal: false), .. Frame(SocketFrame.Continuation, "\":2}"),
            .. Frame(SocketFrame.Text, new string('x', 300)), .. Frame(SocketFrame.Binary, "[DONE]"),
        ];
        var opening = Switch.Length;
        for (var first = 0; first <= answer.Length; first++)
        {
            var kept = new AnswerBuffer();
            var reader = Opened(agreed: false);
            reader.Reset(kept);
            Taken(reader);
            // A server that answers before it was asked would be at fault, so that the message goes out in between.
            if (first >= opening)
            {
                reader.Feed(answer.AsSpan(0, opening), 1);
                Taken(reader);
                reader.Feed(answer.AsSpan(opening, first - opening), 1);
            }
            else
            {
                reader.Feed(answer.AsSpan(0, first), 1);
                reader.Feed(answer.AsSpan(first, opening - first), 1);
                Taken(reader);
            }
            reader.Feed(answer.AsSpan(Math.Max(first, opening)), 2);
            Assert.Equal((ParserState.Complete, true, true, 0), (reader.State, reader.IsAnswer, reader.KeepAlive, reader.Status));
            Assert.Equal(["{\"a\":1}", "{\"b\":2}", new string('x', 300), "[DONE]"], kept.ToAnswer(0, 0, 0).Events.Select(e => Latin1.Text(e.Data)));
            Assert.Equal(4, reader.EventTimes.Length);
            Assert.Equal(SocketFrame.Pong, Taken(reader)[0] & 0x0f);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xc1, 0 }, "a frame uses an extension that was not agreed on")]
    [InlineData(new byte[] { 0x81, 0x80 }, "a server's frame is masked")]
    [InlineData(new byte[] { 0x80, 0 }, "a frame goes on with a message that has not begun")]
    [InlineData(new byte[] { 0x01, 0, 0x81, 0 }, "a message begins before the last has ended")]
    [InlineData(new byte[] { 0x09, 0 }, "a ping or close is split or longer than 125 bytes")]
    [InlineData(new byte[] { 0x89, 126, 1, 0 }, "a ping or close is split or longer than 125 bytes")]
    [InlineData(new byte[] { 0x83, 0 }, "a frame is of the unknown kind 3")]
    [InlineData(new byte[] { 0x81, 127, 0, 0, 0, 0, 1, 0, 0, 1 }, "a message is longer than 16 MiB")]
    [InlineData(new byte[] { 0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 1 }, "a message is longer than 16 MiB")]
    public void What_no_server_may_send_is_malformed(byte[] bytes, string problem)
    {
        var reader = Opened();
        Assert.Equal((ParserState.Malformed, problem), (reader.Feed(bytes, 1), reader.Problem));
    }

    [Fact]
    public void A_message_behind_the_last_or_before_the_question_is_malformed()
    {
        var reader = Opened();
        reader.Feed([.. Frame(SocketFrame.Text, "[DONE]"), .. Frame(SocketFrame.Text, "more")], 1);
        Assert.Equal((ParserState.Malformed, "a message that nobody asked for"), (reader.State, reader.Problem));
        reader = Opened(agreed: false);
        Taken(reader);
        Assert.Equal(ParserState.Malformed, reader.Feed([.. Switch, .. Frame(SocketFrame.Text, "[DONE]")], 1));
    }

    [Fact]
    public void Another_key_or_none_is_malformed()
    {
        foreach (var field in (string[])["", "sec-websocket-accept: AAAA\r\n"])
        {
            var reader = Opened(agreed: false);
            reader.Feed(Latin1.Bytes($"HTTP/1.1 101 Switching Protocols\r\n{field}\r\n"), 1);
            Assert.Equal((ParserState.Malformed, "the server opens a WebSocket and does not accept the key that it was sent"), (reader.State, reader.Problem));
        }
    }

    [Fact]
    public void A_refusal_to_open_is_an_answer_with_its_status()
    {
        const string Refusal = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 9\r\nRetry-After: 1\r\n\r\n{\"no\":1}\n";
        for (var first = 1; first < Refusal.Length; first++)
        {
            var reader = Opened(agreed: false, AnswerRules.Of([new OutcomeRule([503], [], null, null, OutcomeMeaning.Rejected)]));
            reader.Feed(Latin1.Bytes(Refusal[..first]), 1);
            Assert.Equal(ParserState.Incomplete, reader.State);
            reader.Feed(Latin1.Bytes(Refusal[first..]), 1);
            Assert.Equal((ParserState.Complete, 503, 9, false, false), (reader.State, reader.Status, reader.BodyBytes, reader.IsAnswer, reader.KeepAlive));
            Assert.Equal(OutcomeMeaning.Rejected, reader.Meaning);
        }
    }

    [Fact]
    public void A_message_that_says_that_all_has_failed_ends_the_answer()
    {
        var condition = new OutcomeRule([], [], null, new BodyCondition(Protocols.Path("error"), null, [], []), OutcomeMeaning.Failed);
        var reader = Opened(rules: AnswerRules.Of([condition]));
        reader.Feed([.. Frame(SocketFrame.Text, "{\"text\":\"a\"}"), .. Frame(SocketFrame.Text, "{\"error\":{\"code\":1}}")], 1);
        Assert.Equal((ParserState.Complete, false, OutcomeMeaning.Failed), (reader.State, reader.KeepAlive, reader.Meaning));
    }

    [Fact]
    public void A_close_is_answered_and_the_connection_not_used_again()
    {
        var reader = Opened();
        reader.Feed([.. Frame(SocketFrame.Text, "[DONE]"), .. Frame(SocketFrame.Close, "\u0003\u00e9going away")], 1);
        Assert.Equal((ParserState.Complete, false, true, "closed with 1001 going away"), (reader.State, reader.KeepAlive, reader.IsClosing, reader.Goodbye));
        Assert.Equal(SocketFrame.Close, Taken(reader)[0] & 0x0f);
        // Between two requests a ping is answered, and a close or a message ends it.
        reader = Opened();
        reader.Feed(Frame(SocketFrame.Text, "[DONE]"), 1);
        Assert.True(reader.FeedIdle(Frame(SocketFrame.Ping, "x")));
        Assert.Equal("x", Latin1.Text(SocketFrame.MessageOf(Taken(reader))));
        Assert.False(reader.FeedIdle(Frame(SocketFrame.Text, "news")));
        Assert.False(reader.FeedIdle(Frame(SocketFrame.Close, "")));
    }

    [Fact]
    public void No_answer_allocates_once_the_buffers_have_grown()
    {
        var reader = Opened();
        byte[] token = Frame(SocketFrame.Text, "{\"index\":0,\"text\":\" whale\"}"), last = Frame(SocketFrame.Text, "[DONE]");
        var before = 0L;
        for (var i = 0; i < 100; i++)
        {
            if (i == 10) before = GC.GetAllocatedBytesForCurrentThread();
            reader.Begin(Request, isFirst: false);
            reader.Reset(null);
            Taken(reader, null);
            reader.Feed(token.AsSpan(0, 7), 1);
            reader.Feed(token.AsSpan(7), 1);
            if (reader.Feed(last, 2) != ParserState.Complete) Assert.Fail(reader.Problem);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static SocketAnswerReader Opened(bool agreed = true, AnswerRules? rules = null)
    {
        var reader = (SocketAnswerReader)Wire.NewReader(rules);
        reader.Begin(Request, isFirst: true);
        reader.Reset(null);
        if (!agreed) return reader;
        Taken(reader);
        reader.Feed(Switch, 1);
        Taken(reader);
        return reader;
    }

    private static byte[] Taken(SocketAnswerReader reader)
    {
        var all = new List<byte>();
        Taken(reader, all);
        return [.. all];
    }

    private static void Taken(SocketAnswerReader reader, List<byte>? all)
    {
        while (reader.TryTake(out var bytes)) all?.AddRange(bytes);
    }
}
