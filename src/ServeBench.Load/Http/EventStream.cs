using System.Buffers;
using System.Text.Json;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Http;

/// <summary>
/// Reads server-sent events from a body that arrives in any pieces (the HTML standard, section 9.2.6), up to the last event of the
/// answer; what follows that belongs to nobody. Keeps no more than one unfinished event, and allocates nothing once its buffers
/// have grown, except where each event is JSON to look into.
/// </summary>
/// <param name="end">Which event is the last.</param>
/// <param name="rules">What an event may say of the answer; null for nothing.</param>
/// <param name="text">Where an event has its piece of a text; null where nobody asks for it.</param>
internal sealed class EventStream(StreamEnd end, AnswerRules? rules = null, JsonPath? text = null) : IBodySink
{
    /// <summary>Data of one event, or one line, in bytes.</summary>
    private const int Maximum = 16 * 1024 * 1024;

    private readonly byte[]? _lastText = end.Text is { } last ? System.Text.Encoding.UTF8.GetBytes(last) : null;
    private readonly PathReader? _lastHas = end.Has is { } has ? new PathReader(has) : null;
    private readonly EventTexts? _texts = text is null ? null : new EventTexts(text);
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _data = new();
    private long[] _times = new long[64];
    private int _count;
    private AnswerBuffer? _kept;
    private bool _isFirstLine;
    private bool _lineEndedWithReturn;
    private bool _hasData;

    /// <summary>The time of the bytes that are appended next, nanoseconds by any clock.</summary>
    public long Now { get; set; }

    /// <summary>
    /// When each whole event came, in order, the last of the answer among them. Comments, which servers send to keep a connection
    /// open, are no events.
    /// </summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, _count);

    /// <summary>The pieces of the text; null where nobody asks for them.</summary>
    public EventTexts? Texts => _texts;

    /// <summary>Whether the last event of the answer has come.</summary>
    public bool HasLast { get; private set; }

    /// <summary>What the first event that a rule fits says of the answer; null while none does.</summary>
    public OutcomeMeaning? Meaning { get; private set; }

    /// <summary>Why the events cannot be those of an answer; empty as long as they can.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Gets ready for the next answer.</summary>
    /// <param name="kept">Receives its body and its events; null when nobody wants them.</param>
    public void Reset(AnswerBuffer? kept)
    {
        _kept = kept;
        _line.ResetWrittenCount();
        _data.ResetWrittenCount();
        _isFirstLine = true;
        _lineEndedWithReturn = _hasData = HasLast = false;
        _count = 0;
        _texts?.Clear();
        Meaning = null;
        Problem = "";
    }

    public void Append(ReadOnlySpan<byte> body)
    {
        _kept?.Append(body);
        while (!body.IsEmpty && !HasLast && Problem.Length == 0)
        {
            if (_lineEndedWithReturn && body[0] == '\n')
            {
                // The second half of the line end before.
                _lineEndedWithReturn = false;
                body = body[1..];
                continue;
            }
            _lineEndedWithReturn = false;
            var length = body.IndexOfAny((byte)'\r', (byte)'\n');
            var part = length < 0 ? body : body[..length];
            if (_line.WrittenCount + part.Length > Maximum)
            {
                Problem = "a line of an event is longer than 16 MiB";
                return;
            }
            if (length < 0)
            {
                _line.Write(part);
                return;
            }
            _lineEndedWithReturn = body[length] == '\r';
            body = body[(length + 1)..];
            if (_line.WrittenCount == 0)
            {
                Take(part);
                continue;
            }
            _line.Write(part);
            Take(_line.WrittenSpan);
            _line.ResetWrittenCount();
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (_isFirstLine && line.StartsWith("\uFEFF"u8)) line = line[3..];
        _isFirstLine = false;
        if (line.IsEmpty)
        {
            if (_hasData) Dispatch();
            _data.ResetWrittenCount();
            _hasData = false;
            return;
        }
        // Comments and the fields event, id and retry say nothing of the answer.
        if (!line.StartsWith("data"u8)) return;
        var value = line[4..];
        if (!value.IsEmpty)
        {
            if (value[0] != ':') return;
            value = value[1..];
            if (!value.IsEmpty && value[0] == ' ') value = value[1..];
        }
        if (_data.WrittenCount + value.Length >= Maximum)
        {
            Problem = "an event is longer than 16 MiB";
            return;
        }
        if (_hasData) _data.Write("\n"u8);
        _data.Write(value);
        _hasData = true;
    }

    private void Dispatch()
    {
        if (_count == _times.Length) Array.Resize(ref _times, 2 * _count);
        _times[_count++] = Now;
        _kept?.AddEvent(_data.WrittenSpan, Now);
        if (rules is not null && Meaning is null) Meaning = rules.OfEvent(_data.WrittenSpan);
        HasLast = IsLast();
        // What only ends an answer is no JSON, and looking for a piece in it would cost an exception.
        _texts?.Add(HasLast && _lastText is not null ? default : _data.WrittenSpan);
    }

    /// <summary>The same question as k6 scripts ask (StreamEnd.Condition).</summary>
    private bool IsLast()
    {
        if (_lastText is not null) return _data.WrittenSpan.SequenceEqual(_lastText);
        if (_lastHas is not null)
        {
            var reader = new Utf8JsonReader(_data.WrittenSpan);
            try
            {
                return _lastHas.Follow(ref reader) && reader.TokenType != JsonTokenType.Null;
            }
            catch (JsonException)
            {
                Problem = $"an event is not JSON, so that {end.Has} cannot be looked up in it";
                return false;
            }
        }
        if (end.When is not { } path) return true;
        try
        {
            using var json = JsonDocument.Parse(_data.WrittenMemory);
            return JsonPathEvaluator.IsTrue(json.RootElement, path);
        }
        catch (JsonException)
        {
            Problem = $"an event is not JSON, so that {path} cannot be looked up in it";
            return false;
        }
    }
}
