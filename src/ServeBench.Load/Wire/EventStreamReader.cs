using ServeBench.Domain.Protocols;
using ServeBench.Load.Answers;
using ServeBench.Load.Http;

namespace ServeBench.Load.Wire;

/// <summary>Reads streams of server-sent events.</summary>
/// <param name="end">Which event is the last of an answer.</param>
/// <param name="status">The status of a good answer.</param>
/// <param name="rules">What answers and their events mean; null where the status says it.</param>
/// <param name="text">Where events have their pieces of a text; null where nobody asks for it.</param>
internal sealed class EventStreamReader(StreamEnd end, int status, AnswerRules? rules = null, JsonPath? text = null)
    : HttpAnswerReader(rules)
{
    private readonly EventStream _stream = new(new AnswerEvents(end, rules, text));

    private AnswerEvents Events => _stream.Events;

    public override ReadOnlySpan<long> EventTimes => Events.Times;

    public override EventTexts? EventTexts => Events.Texts;

    public override void Reset(AnswerBuffer? kept)
    {
        _stream.Reset(kept);
        Parser.Reset(_stream);
        Note();
    }

    public override ParserState Feed(ReadOnlySpan<byte> bytes, long now)
    {
        Events.Now = now;
        Parser.Feed(bytes);
        return Note();
    }

    /// <summary>
    /// Where only the end of the connection ends a stream, only its last event tells that it is whole; or one that says why no more come.
    /// </summary>
    public override ParserState EndOfStream()
    {
        var isOver = Events.HasLast || Events.Meaning is not null || Events.Problem.Length > 0;
        var isCut = !isOver && Parser.IsEventStream && Parser.Status == status;
        if (!isCut) Parser.EndOfStream();
        return Note();
    }

    /// <summary>The head of a stream may come long before anything that its reader can use.</summary>
    private ParserState Note() =>
        Note(hasFirst: Events.Times.Length > 0, isAnswer: Parser.IsEventStream && Events.HasLast, Events.Meaning);
}
