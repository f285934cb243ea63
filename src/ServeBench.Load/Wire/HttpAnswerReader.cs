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

    public sealed override ParserState State => Parser.State;

    public sealed override string Problem => Parser.Problem;

    public sealed override int Status => Parser.Status;

    public sealed override int BodyBytes => Parser.BodyBytes;

    public sealed override bool Started => Parser.Started;

    public sealed override bool KeepAlive => Parser.KeepAlive;

    public override OutcomeMeaning? Meaning => _watch?.Meaning;

    protected ResponseParser Parser { get; }
}

/// <summary>Reads whole answers.</summary>
/// <param name="rules">What they mean; null where their status says it.</param>
internal sealed class WholeAnswerReader(AnswerRules? rules = null) : HttpAnswerReader(rules)
{
    public override bool HasFirst => Parser.Started;

    public override bool IsAnswer => true;

    public override void Reset(AnswerBuffer? kept) => Parser.Reset(kept);

    public override ParserState Feed(ReadOnlySpan<byte> bytes, long now) => Parser.Feed(bytes);

    public override ParserState EndOfStream() => Parser.EndOfStream();
}
