using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;
using ServeBench.Load.Http;

namespace ServeBench.Load.Wire;

/// <summary>Reads streams of server-sent events.</summary>
/// <param name="end">Which event is the last of an answer.</param>
/// <param name="status">The status of a good answer.</param>
/// <param name="rules">What answers and their events mean; null where the status says it.</param>
internal sealed class EventStreamReader(StreamEnd end, int status, AnswerRules? rules = null) : HttpAnswerReader(rules)
{
    private readonly EventStream _events = new(end, rules);

    /// <summary>The head of a stream may come long before anything that its reader can use.</summary>
    public override bool HasFirst => _events.Times.Length > 0;

    public override bool IsAnswer => Parser.IsEventStream && _events.HasLast;

    public override OutcomeMeaning? Meaning => _events.Meaning ?? base.Meaning;

    public override ReadOnlySpan<long> EventTimes => _events.Times;

    public override void Reset(AnswerBuffer? kept)
    {
        _events.Reset(kept);
        Parser.Reset(_events);
    }

    public override ParserState Feed(ReadOnlySpan<byte> bytes, long now)
    {
        _events.Now = now;
        return Parser.Feed(bytes);
    }

    /// <summary>
    /// Where only the end of the connection ends a stream, only its last event tells that it is whole; or one that says why no more come.
    /// </summary>
    public override ParserState EndOfStream()
    {
        var isOver = _events.HasLast || _events.Meaning is not null || _events.Problem.Length > 0;
        var isCut = !isOver && Parser.IsEventStream && Parser.Status == status;
        return isCut ? ParserState.Incomplete : Parser.EndOfStream();
    }
}
