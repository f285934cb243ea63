using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;
using ServeBench.Load.Tests.Http2;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

public sealed class GrpcAnswerReaderTests
{
    /// <summary>What servers write without coding it, and codes that are none, stay as they are.</summary>
    [Theory]
    [InlineData("100%25", "100%")]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%C3%a4x", "\u00e4x")]
    public void What_a_failed_call_says_is_decoded(string field, string said)
    {
        var reader = new GrpcAnswerReader(streams: false);
        var kept = new AnswerBuffer();
        reader.Reset(kept);
        reader.Begin(new RenderedRequest(Frames.Of(Frames.Headers, Frames.EndHeaders, 0), 0, 1), isFirst: true);
        byte[] block = [0x88, .. Frames.Field("grpc-status", "9"), .. Frames.Field("grpc-message", field)];
        reader.Feed([.. Frames.Of(Frames.Settings, 0, 0), .. Frames.Of(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, block)], 1);
        Assert.Equal((ParserState.Complete, 9, true), (reader.State, reader.Status, reader.KeepAlive));
        Assert.Equal(said, System.Text.Encoding.UTF8.GetString(kept.ToAnswer(0, 9, 0).Body));
    }

    /// <summary>A number that gRPC does not know is no status of HTTP, and a status that is not at the end of a call is none.</summary>
    [Theory]
    [InlineData(null, "17", 2)]
    [InlineData(null, "99", 2)]
    [InlineData(null, "200", 2)]
    [InlineData(null, "404", 2)]
    [InlineData(null, "16", 16)]
    [InlineData("14", "0", 0)]
    [InlineData("0", null, null)]
    [InlineData(null, null, null)]
    [InlineData(null, "-1", null)]
    [InlineData(null, "0x0", null)]
    [InlineData(null, "99999999999", null)]
    public void A_call_has_the_status_that_its_end_says(string? inHead, string? inTrailers, int? status)
    {
        byte[] Status(string? value) => value is null ? [] : Frames.Field("grpc-status", value);
        var reader = Begun(rules: null, new AnswerBuffer());
        reader.Feed(
            [
                .. Frames.Of(Frames.Headers, Frames.EndHeaders, 1, [0x88, .. Frames.Field("content-type", "application/grpc"), .. Status(inHead)]),
                .. Frames.Of(Frames.Data, 0, 1, Frames.Message([1, 2])),
                .. Frames.Of(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, Status(inTrailers)),
            ],
            1);
        Assert.Equal(status is null ? ParserState.Malformed : ParserState.Complete, reader.State);
        if (status is not null) Assert.Equal(status, reader.Status);
    }

    /// <summary>However many blocks they come in, and whether or not anybody looks at them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_fields_of_an_answer_have_a_limit(bool hasRules)
    {
        var rules = hasRules ? AnswerRules.Of([new OutcomeRule([14], [], null, null, OutcomeMeaning.Rejected)]) : null;
        var reader = Begun(rules, null);
        // 103 Early Hints, as often as the server likes.
        var hint = Frames.Of(Frames.Headers, Frames.EndHeaders, 1, [8, 3, .. "103"u8, .. Frames.Field("x", new string('y', 100))]);
        var count = 0;
        while (reader.Feed(hint, 1) == ParserState.Incomplete) Assert.InRange(++count, 1, 700);
        Assert.Equal("the fields of an answer are longer than 64 KiB", reader.Problem);
        Assert.InRange(count, 500, 700);
    }

    /// <summary>A gateway's answer has no grpc-status, but a body that a rule can know.</summary>
    [Fact]
    public void A_rule_looks_at_the_body_of_an_answer_that_is_none_of_gRPC()
    {
        var rules = AnswerRules.Of([new OutcomeRule([503], [], new BodyCondition(null, null, ["queue is full"], []), null, OutcomeMeaning.Rejected)]);
        foreach (var (body, meaning) in new (string, OutcomeMeaning?)[] { ("the queue is full", OutcomeMeaning.Rejected), ("no", null) })
        {
            var reader = Begun(rules, null);
            byte[] answer = [.. Frames.Of(Frames.Headers, Frames.EndHeaders, 1, [8, 3, .. "503"u8]), .. Frames.Of(Frames.Data, Frames.EndStream, 1, Latin1.Bytes(body))];
            Assert.Equal(ParserState.Complete, reader.Feed(answer, 1));
            Assert.Equal((503, meaning), (reader.Status, reader.Meaning));
        }
    }

    private static GrpcAnswerReader Begun(AnswerRules? rules, AnswerBuffer? kept)
    {
        var reader = new GrpcAnswerReader(streams: false, rules);
        reader.Reset(kept);
        reader.Begin(new RenderedRequest(Frames.Of(Frames.Headers, Frames.EndHeaders, 0), 0, 1), isFirst: true);
        reader.Feed(Frames.Of(Frames.Settings, 0, 0), 1);
        return reader;
    }
}
