using ServeBench.Domain.Protocols;
using ServeBench.Load.Http;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Http;

public sealed class EventStreamTests
{
    private static readonly StreamEnd Done = new("[DONE]", null);

    private static readonly StreamEnd Finished = new(null, JsonPath.TryParse("choices[0].finished", out _));

    /// <summary>Streams whose last event is [DONE], as the HTML standard lets them be written.</summary>
    [Theory]
    [InlineData("data: [DONE]\n\n")]
    [InlineData("data:[DONE]\r\n\r\n")]
    [InlineData("data: [DONE]\r\r")]
    [InlineData("\uFEFFdata: [DONE]\n\n")]
    [InlineData(": ping\n\nevent: end\nid: 7\nretry: 10\ndata: [DONE]\n\n")]
    [InlineData("data: {\"delta\":\"ö\"}\r\n\r\ndata: more\ndata: lines\n\ndata\n\ndatum: no\n\ndata: [DONE]\r\n\r\n")]
    [InlineData("data: [DONE]\n\ndata: what follows is nobody's\n\n")]
    public void The_last_event_is_found_wherever_the_stream_is_cut_into_pieces(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        for (var first = 0; first <= bytes.Length; first++)
        {
            var (events, kept) = Read(Done, bytes[..first], bytes[first..]);
            Assert.Equal((true, true, "", "[DONE]"), (!events.Times.IsEmpty, events.HasLast, events.Problem, kept));
        }
        Assert.True(Read(Done, [.. bytes.Select(b => new[] { b })]).Events.HasLast);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(": ping\n\n: ping\n\n", false)]
    [InlineData("event: [DONE]\n\n", false)]
    [InlineData("data: [DONE]\n", false)] // an event ends with an empty line
    [InlineData("data:  [DONE]\n\n", true)] // one blank is not part of the data, the second is
    [InlineData("data: [DONE]\ndata\n\n", true)] // two lines of data, the second empty
    [InlineData("data: [DONE]\r\ndata\r\n\r\n", true)] // and no empty line between the halves of a line end
    [InlineData("data: [done]\n\n", true)]
    [InlineData(" data: [DONE]\n\n", false)]
    public void Anything_else_is_not_the_last_event(string text, bool hasEvent)
    {
        var bytes = Latin1.Bytes(text);
        for (var first = 0; first <= bytes.Length; first++)
        {
            var (events, kept) = Read(Done, bytes[..first], bytes[first..]);
            Assert.Equal((hasEvent, false, "", ""), (!events.Times.IsEmpty, events.HasLast, events.Problem, kept));
        }
    }

    [Theory]
    [InlineData("data: {}\n\ndata: {\"choices\":[{\"finished\":true}]}\n\n", true)]
    [InlineData("data: {\"choices\":[\ndata: {\"finished\":true}]}\n\n", true)]
    [InlineData("data: {\"choices\":[{\"finished\":false}]}\n\n", false)]
    [InlineData("data: {\"choices\":[{\"finished\":\"true\"}]}\n\n", false)]
    [InlineData("data: {\"choices\":[]}\n\ndata: {\"choices\":{}}\n\ndata: []\n\ndata: true\n\n", false)]
    public void The_last_event_can_be_one_in_which_a_path_yields_true(string text, bool last)
    {
        var (events, _) = Read(Finished, Latin1.Bytes(text));
        Assert.Equal((last, ""), (events.HasLast, events.Problem));
    }

    [Fact]
    public void Where_no_end_is_named_the_first_event_is_also_the_last() =>
        Assert.Equal("one", Read(new StreamEnd(null, null), "data: one\n\ndata: two\n\n"u8.ToArray()).Kept);

    [Fact]
    public void An_event_that_is_not_json_where_a_path_is_looked_up_is_a_problem()
    {
        var (events, _) = Read(Finished, "data: {}\n\ndata: oops\n\ndata: {\"choices\":[{\"finished\":true}]}\n\n"u8.ToArray());
        Assert.Equal("an event is not JSON, so that choices[0].finished cannot be looked up in it", events.Problem);
        Assert.False(events.HasLast);
    }

    [Fact]
    [Lane("slow")]
    public void A_line_or_an_event_without_end_is_a_problem_and_fills_no_memory()
    {
        var piece = new byte[1024 * 1024];
        Array.Fill(piece, (byte)'x');
        Assert.Equal("a line of an event is longer than 16 MiB", Read(Done, [.. Enumerable.Repeat(piece, 40)]).Events.Problem);
        byte[] line = [.. "data:"u8, .. piece, (byte)'\n'];
        Assert.Equal("an event is longer than 16 MiB", Read(Done, [.. Enumerable.Repeat(line, 40)]).Events.Problem);
    }

    [Fact]
    public void Nothing_of_an_answer_is_left_for_the_next()
    {
        var (stream, events) = New(Done);
        foreach (var rest in (string[])["data: half an ev", "data: a line\n", "data: [DONE]\r", "data: [DONE]\n\n"])
        {
            stream.Reset(null);
            stream.Append(Latin1.Bytes(rest));
            stream.Reset(null);
            Assert.Equal((false, false), (!events.Times.IsEmpty, events.HasLast));
            stream.Append("\ndata: [DONE]\n\n"u8);
            Assert.True(events.HasLast);
        }
    }

    [Fact]
    public void No_answer_allocates_once_the_buffers_have_grown()
    {
        var (stream, events) = New(Done);
        var before = 0L;
        for (var i = 0; i < 100; i++)
        {
            if (i == 10) before = GC.GetAllocatedBytesForCurrentThread();
            stream.Reset(null);
            stream.Append("data: {\"delta\":\"ab"u8);
            stream.Append("cd\"}\n\ndata: [DO"u8);
            stream.Append("NE]\n\n"u8);
            Assert.True(events.HasLast);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <returns>What read the pieces, and the data of the last event where it has come.</returns>
    private static (AnswerEvents Events, string Kept) Read(StreamEnd end, params IReadOnlyList<byte[]> pieces)
    {
        var (stream, events) = New(end);
        var kept = new AnswerBuffer();
        stream.Reset(kept);
        foreach (var piece in pieces) stream.Append(piece);
        return (events, events.HasLast ? System.Text.Encoding.UTF8.GetString(kept.ToAnswer(0, 200, 0).Events[^1].Data) : "");
    }

    private static (EventStream Stream, AnswerEvents Events) New(StreamEnd end)
    {
        var events = new AnswerEvents(end, null, null);
        return (new EventStream(events), events);
    }
}
