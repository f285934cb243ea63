using System.Buffers;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Http;

/// <summary>
/// Reads server-sent events from a body that arrives in any pieces (the HTML standard, section 9.2.6), up to the last event of the
/// answer; what follows that belongs to nobody. Keeps no more than one unfinished event.
/// </summary>
/// <param name="events">Receives the data of each; comments, which servers send to keep a connection open, are no events.</param>
internal sealed class EventStream(AnswerEvents events) : IBodySink
{
    /// <summary>Data of one event, or one line, in bytes.</summary>
    private const int Maximum = 16 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _data = new();
    private AnswerBuffer? _kept;
    private bool _isFirstLine;
    private bool _lineEndedWithReturn;
    private bool _hasData;

    /// <summary>What has come of the answer.</summary>
    public AnswerEvents Events { get; } = events;

    /// <summary>Gets ready for the next answer.</summary>
    /// <param name="kept">Receives its body and its events; null when nobody wants them.</param>
    public void Reset(AnswerBuffer? kept)
    {
        _kept = kept;
        _line.ResetWrittenCount();
        _data.ResetWrittenCount();
        _isFirstLine = true;
        _lineEndedWithReturn = _hasData = false;
        Events.Reset(kept);
    }

    public void Append(ReadOnlySpan<byte> body)
    {
        _kept?.Append(body);
        while (!body.IsEmpty && !Events.HasLast && Events.Problem.Length == 0)
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
                Events.Problem = "a line of an event is longer than 16 MiB";
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
            if (_hasData) Events.Add(_data.WrittenMemory);
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
            Events.Problem = "an event is longer than 16 MiB";
            return;
        }
        if (_hasData) _data.Write("\n"u8);
        _data.Write(value);
        _hasData = true;
    }
}
