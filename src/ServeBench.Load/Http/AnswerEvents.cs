using System.Text.Json;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Http;

/// <summary>
/// The events of one streamed answer, whatever carries them: when each came, the pieces of text in them, and which is the last. On the hot
/// path: allocates nothing once its buffers have grown, except where each event is JSON to look into.
/// </summary>
/// <param name="end">Which event is the last.</param>
/// <param name="rules">What an event may say of the answer; null for nothing.</param>
/// <param name="text">Where an event has its piece of a text; null where nobody asks for it.</param>
internal sealed class AnswerEvents(StreamEnd end, AnswerRules? rules, JsonPath? text)
{
    private readonly byte[]? _lastText = end.Text is { } last ? System.Text.Encoding.UTF8.GetBytes(last) : null;
    private readonly PathReader? _lastHas = end.Has is { } has ? new PathReader(has) : null;
    private readonly EventTexts? _texts = text is null ? null : new EventTexts(text);
    private long[] _times = new long[64];
    private int _count;
    private AnswerBuffer? _kept;

    /// <summary>The time of the events that are added next, nanoseconds by any clock.</summary>
    public long Now { get; set; }

    /// <summary>When each whole event came, in order, the last of the answer among them.</summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, _count);

    /// <summary>The pieces of the text; null where nobody asks for them.</summary>
    public EventTexts? Texts => _texts;

    /// <summary>Whether the last event of the answer has come.</summary>
    public bool HasLast { get; private set; }

    /// <summary>What the first event that a rule fits says of the answer; null while none does.</summary>
    public OutcomeMeaning? Meaning { get; private set; }

    /// <summary>Why the events cannot be those of an answer; empty as long as they can.</summary>
    public string Problem { get; set; } = "";

    /// <summary>Gets ready for the next answer.</summary>
    /// <param name="kept">Receives its events; null when nobody wants them.</param>
    public void Reset(AnswerBuffer? kept)
    {
        _kept = kept;
        _count = 0;
        _texts?.Clear();
        HasLast = false;
        Meaning = null;
        Problem = "";
    }

    /// <param name="data">The next event's data.</param>
    public void Add(ReadOnlyMemory<byte> data)
    {
        if (_count == _times.Length) Array.Resize(ref _times, 2 * _count);
        _times[_count++] = Now;
        _kept?.AddEvent(data.Span, Now);
        if (rules is not null && Meaning is null) Meaning = rules.OfEvent(data.Span);
        HasLast = IsLast(data);
        // What only ends an answer is no JSON, and looking for a piece in it would cost an exception.
        _texts?.Add(HasLast && _lastText is not null ? default : data.Span);
    }

    /// <summary>The same question as k6 scripts ask (StreamEnd.Condition).</summary>
    private bool IsLast(ReadOnlyMemory<byte> data)
    {
        if (_lastText is not null) return data.Span.SequenceEqual(_lastText);
        if ((end.Has ?? end.When) is not { } path) return true;
        try
        {
            if (_lastHas is not null)
            {
                var reader = new Utf8JsonReader(data.Span);
                return _lastHas.Follow(ref reader) && reader.TokenType != JsonTokenType.Null;
            }
            using var json = JsonDocument.Parse(data);
            return JsonPathEvaluator.IsTrue(json.RootElement, path);
        }
        catch (JsonException)
        {
            Problem = $"an event is not JSON, so that {path} cannot be looked up in it";
            return false;
        }
    }
}
