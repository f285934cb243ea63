using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;
using ServeBench.Load.Http;

namespace ServeBench.Load.Wire;

/// <summary>Reads answers that are HTTP/1.x responses.</summary>
internal abstract class HttpAnswerReader : AnswerReader
{
    private readonly AnswerWatch? _watch;

    protected HttpAnswerReader(AnswerRules? rules)
    {
        _watch = rules is null ? null : new AnswerWatch(rules);
        Parser = new ResponseParser(_watch);
    }

    public sealed override string Problem => Parser.Problem;

    protected ResponseParser Parser { get; }

    /// <summary>Takes over what the parser knows by now.</summary>
    /// <param name="hasFirst">What <see cref="AnswerReader.HasFirst"/> is now.</param>
    /// <param name="isAnswer">What <see cref="AnswerReader.IsAnswer"/> is now.</param>
    /// <param name="meaning">What a part of the answer means by itself; null where the whole says it.</param>
    protected ParserState Note(bool hasFirst, bool isAnswer, OutcomeMeaning? meaning = null)
    {
        Status = Parser.Status;
        BodyBytes = Parser.BodyBytes;
        Started = Parser.Started;
        KeepAlive = Parser.KeepAlive;
        HasFirst = hasFirst;
        IsAnswer = isAnswer;
        State = Parser.State;
        // Once, when the answer is whole: a search at every piece would take the square of its length.
        Meaning = State == ParserState.Complete ? meaning ?? _watch?.Meaning : null;
        return State;
    }
}

/// <summary>Reads whole answers.</summary>
/// <param name="rules">What they mean; null where their status says it.</param>
internal sealed class WholeAnswerReader(AnswerRules? rules = null) : HttpAnswerReader(rules)
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
