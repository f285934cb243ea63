using ServeBench.Load.Http;

namespace ServeBench.Load.Wire;

/// <summary>Reads answers that are HTTP/1.x responses.</summary>
internal abstract class HttpAnswerReader : AnswerReader
{
    public sealed override string Problem => Parser.Problem;

    protected ResponseParser Parser { get; } = new();

    /// <summary>Takes over what the parser knows by now.</summary>
    protected ParserState Note(bool hasFirst, bool isAnswer)
    {
        Status = Parser.Status;
        BodyBytes = Parser.BodyBytes;
        Started = Parser.Started;
        KeepAlive = Parser.KeepAlive;
        HasFirst = hasFirst;
        IsAnswer = isAnswer;
        return State = Parser.State;
    }
}

/// <summary>Reads whole answers.</summary>
internal sealed class WholeAnswerReader : HttpAnswerReader
{
    public override void Reset(AnswerBuffer? kept)
    {
        Parser.Reset(kept);
        Note();
    }

    public override ParserState Feed(ReadOnlySpan<byte> bytes, long now)
    {
        Parser.Feed(bytes);
        return Note();
    }

    public override ParserState EndOfStream()
    {
        Parser.EndOfStream();
        return Note();
    }

    private ParserState Note() => Note(hasFirst: Parser.Started, isAnswer: true);
}
