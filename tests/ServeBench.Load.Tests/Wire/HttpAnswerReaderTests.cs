using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;
using ServeBench.Load.Http;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

/// <summary>Rules are asked once for an answer, when it is whole: at every piece of a body, that would take the square of its length.</summary>
public sealed class HttpAnswerReaderTests
{
    private static readonly OutcomeRule Full = new([503], [], new BodyCondition(null, null, ["queue"], []), null, OutcomeMeaning.Rejected);

    [Fact]
    public void An_answer_has_a_meaning_when_it_is_whole_and_none_before_and_after()
    {
        var reader = new WholeAnswerReader(AnswerRules.Of([Full]));
        for (var answer = 0; answer < 2; answer++)
        {
            reader.Reset(null);
            Assert.Null(reader.Meaning);
            Assert.Equal(ParserState.Incomplete, reader.Feed("HTTP/1.1 503 Busy\r\nContent-Length: 17\r\n\r\nthe queue is ful"u8, 1));
            Assert.Null(reader.Meaning);
            Assert.Equal(ParserState.Complete, reader.Feed("l"u8, 2));
            Assert.Equal(OutcomeMeaning.Rejected, reader.Meaning);
        }
        reader.Reset(null);
        Assert.Null(reader.Meaning);
    }

    [Fact]
    public void An_answer_that_lasts_until_the_connection_ends_has_its_meaning_then()
    {
        var reader = new WholeAnswerReader(AnswerRules.Of([Full]));
        reader.Reset(null);
        reader.Feed("HTTP/1.1 503 Busy\r\n\r\nthe queue is full"u8, 1);
        Assert.Null(reader.Meaning);
        Assert.Equal(ParserState.Complete, reader.EndOfStream());
        Assert.Equal(OutcomeMeaning.Rejected, reader.Meaning);
    }
}
