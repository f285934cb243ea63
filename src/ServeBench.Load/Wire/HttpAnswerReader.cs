using ServeBench.Load.Http;

namespace ServeBench.Load.Wire;

/// <summary>Reads answers that are HTTP/1.x responses.</summary>
internal abstract class HttpAnswerReader : AnswerReader
{
    public sealed override ParserState State => Parser.State;

    public sealed override string Problem => Parser.Problem;

    public sealed override int Status => Parser.Status;

    public sealed override int BodyBytes => Parser.BodyBytes;

    public sealed override bool Started => Parser.Started;

    public sealed override bool KeepAlive => Parser.KeepAlive;

    protected ResponseParser Parser { get; } = new();
}

/// <summary>Reads whole answers.</summary>
internal sealed class WholeAnswerReader : HttpAnswerReader
{
    public override bool HasFirst => Parser.Started;

    public override bool IsAnswer => true;

    public override void Reset(AnswerBuffer? kept) => Parser.Reset(kept);

    public override ParserState Feed(ReadOnlySpan<byte> bytes, long now) => Parser.Feed(bytes);

    public override ParserState EndOfStream() => Parser.EndOfStream();
}
