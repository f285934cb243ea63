using ServeBench.Load.Http;

namespace ServeBench.Load.Wire;

/// <summary>Keeps one answer whole: its body and, of a stream, its events with their times.</summary>
internal sealed class AnswerBuffer : IBodySink
{
    private readonly BodyBuffer _body = new();
    private readonly List<AnswerEvent> _events = [];

    /// <summary>Forgets what came: the request is made again.</summary>
    public void Clear()
    {
        _body.Clear();
        _events.Clear();
    }

    public void Append(ReadOnlySpan<byte> body) => _body.Append(body);

    /// <param name="data">The event's data.</param>
    /// <param name="at">When it came, by any clock.</param>
    public void AddEvent(ReadOnlySpan<byte> data, long at) => _events.Add(new AnswerEvent(at, data.ToArray()));

    /// <param name="payload">Which of the payloads was answered.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="sent">When the request was sent, by the clock of the events.</param>
    public KeptAnswer ToAnswer(int payload, int status, long sent) =>
        new(payload, status, _body.ToArray()) { Events = [.. _events.Select(e => e with { At = e.At - sent })] };
}
