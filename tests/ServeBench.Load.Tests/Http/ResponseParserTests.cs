using ServeBench.Load.Http;

namespace ServeBench.Load.Tests.Http;

public sealed class ResponseParserTests
{
    /// <summary>Well-formed answers: bytes, status, body, whether the connection lives on, whether the end of the stream ends it.</summary>
    public static TheoryData<string, int, string, bool, bool> Good { get; } = new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true, false },
        { "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, "", true, false },
        { "HTTP/1.1 200 OK\r\ncontent-length:5  \r\nServer: x\r\nCONNECTION: Close\r\n\r\nhello", 200, "hello", false, false },
        { "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, "hello", true, false },
        { "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nX: \r\n\r\n{}", 404, "{}", true, false },
        { "HTTP/1.1 500 \r\nContent-Length: 2\r\n\r\n{}", 500, "{}", true, false },
        { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", false, false },
        { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: Keep-Alive\r\n\r\n{}", 200, "{}", true, false },
        { "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true, false },
        { "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", 304, "", true, false },
        { "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", 101, "", false, false },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1", 200, "1", true, false },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6; name=\"v\"\r\n world\r\n0\r\n\r\n", 200, "hello world", true, false },
        { "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, Chunked\r\n\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", 200, "0123456789", true, false },
        { "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n00001\r\nx\r\n000\r\n\r\n", 200, "x", true, false },
        { "HTTP/1.1 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 1\r\n\r\n1", 200, "1", false, false },
        { "HTTP/1.1 200 OK\r\n\r\nall that follows", 200, "all that follows", false, true },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc", 200, "abc", false, true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true, false },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Reads_a_good_answer_cut_at_any_place(string text, int status, string body, bool keepAlive, bool ends)
    {
        var bytes = Latin1.Bytes(text);
        var expected = new Answer(ParserState.Complete, status, body, keepAlive, "");
        Assert.Equal(expected, Answer.Of(bytes, [], ends));
        Assert.Equal(expected, Answer.Of(bytes, Enumerable.Range(1, bytes.Length - 1), ends));
        for (var first = 1; first < bytes.Length; first++)
        {
            Assert.Equal(expected, Answer.Of(bytes, [first], ends));
            for (var second = first + 1; second < bytes.Length; second += 3) Assert.Equal(expected, Answer.Of(bytes, [first, second], ends));
        }
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void An_answer_that_breaks_off_is_never_complete(string text, int status, string body, bool keepAlive, bool ends)
    {
        var bytes = Latin1.Bytes(text);
        var headEnds = text.LastIndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        for (var length = 0; length < bytes.Length; length++)
        {
            // A body that lasts until the connection closes is whole wherever it closes.
            if (ends && length >= headEnds) break;
            var answer = Answer.Of(bytes.AsSpan(0, length), [], ends: true);
            Assert.True(answer.State == ParserState.Incomplete, $"'{text[..length]}' cut off from {status} {body} {keepAlive}");
        }
    }

    [Theory]
    [InlineData("HTTP/2 200 OK\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", "status is not a number")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n", "below 100")]
    [InlineData("HTTP/1.1 2000\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1\r\n\r\n", "status line")]
    [InlineData("\r\n\r\n", "status line")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "status line")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "no name")]
    [InlineData("HTTP/1.1 200 OK\r\n: x\r\n\r\n", "no name")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 0\r\n\r\n", "no name")]
    [InlineData("HTTP/1.1 200 OK\r\n x: 0\r\n\r\n", "no name")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length is not")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", "Content-Length is not")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", "Content-Length is not")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1,1\r\n\r\n", "Content-Length is not")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "Content-Length is not")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n", "2 GiB")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "disagree")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "hexadecimal")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "hexadecimal")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "hexadecimal")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1x\r\n", "hexadecimal")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", "2 GiB")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", "longer than its size")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n12", "follow the end")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nx", "follow the end")]
    public void Says_what_is_wrong_with_a_malformed_answer(string text, string problem)
    {
        var answer = Answer.Of(text);
        Assert.Equal(ParserState.Malformed, answer.State);
        Assert.Contains(problem, answer.Problem, StringComparison.Ordinal);
        Assert.False(answer.KeepAlive);
        Assert.Equal(answer, Answer.Of(Latin1.Bytes(text), Enumerable.Range(1, text.Length - 1)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", 'y', "\r\n\r\n")]
    [InlineData("", 'H', "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", 'e', "")]
    public void Refuses_a_line_without_end(string before, char filling, string after)
    {
        var answer = Answer.Of(before + new string(filling, 100_000) + after);
        Assert.Equal(ParserState.Malformed, answer.State);
        Assert.Contains("too long", answer.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_head_without_end()
    {
        var answer = Answer.Of("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 20_000)));
        Assert.Equal(ParserState.Malformed, answer.State);
        Assert.Contains("too long", answer.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_chunks_that_add_up_to_more_than_2_GiB()
    {
        var parser = new ResponseParser();
        parser.Reset();
        parser.Feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8);
        var chunk = new byte[64 * 1024 * 1024];
        while (parser.State == ParserState.Incomplete && parser.BodyBytes < int.MaxValue - chunk.Length)
        {
            parser.Feed("4000000\r\n"u8);
            parser.Feed(chunk);
            parser.Feed("\r\n"u8);
        }
        Assert.Equal(ParserState.Incomplete, parser.State);
        parser.Feed("4000000\r\n"u8);
        Assert.Equal(ParserState.Malformed, parser.Feed(chunk));
    }

    [Fact]
    public void Allocates_nothing_once_warm()
    {
        var whole = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray();
        var parser = new ResponseParser();
        Drive(parser, whole, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Drive(parser, whole, 1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Drive(ResponseParser parser, byte[] whole, int times)
    {
        for (var i = 0; i < times; i++)
        {
            parser.Reset();
            var cut = i % whole.Length;
            parser.Feed(whole.AsSpan(0, cut));
            if (parser.Feed(whole.AsSpan(cut)) != ParserState.Complete) throw new InvalidOperationException("the answer was not read");
        }
    }
}
