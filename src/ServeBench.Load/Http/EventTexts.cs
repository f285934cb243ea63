using System.Buffers;
using System.Text.Json;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Answers;

namespace ServeBench.Load.Http;

/// <summary>
/// The pieces of a text that the events of one answer hold, as UTF-8 one after the other. On the hot path: allocates nothing once its
/// buffers have grown, except where an event is no JSON (an exception).
/// </summary>
/// <param name="path">Where an event has its piece.</param>
internal sealed class EventTexts(JsonPath path)
{
    private readonly PathReader _path = new(path);
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private long[] _lengths = new long[64];
    private int _count;

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Bytes of each event's piece; 0 where it has none.</summary>
    public ReadOnlySpan<long> Lengths => _lengths.AsSpan(0, _count);

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _count = 0;
    }

    /// <param name="data">The data of the next event; empty for one that has no piece.</param>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (_count == _lengths.Length) Array.Resize(ref _lengths, 2 * _count);
        var before = _bytes.WrittenCount;
        if (!data.IsEmpty) AddPiece(data);
        _lengths[_count++] = _bytes.WrittenCount - before;
    }

    private void AddPiece(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            if (!_path.Follow(ref reader) || reader.TokenType != JsonTokenType.String) return;
            if (reader.ValueIsEscaped) _bytes.Advance(reader.CopyString(_bytes.GetSpan(reader.ValueSpan.Length)));
            else _bytes.Write(reader.ValueSpan);
        }
        catch (JsonException)
        {
            // Whoever reads the whole answer says what is wrong with it; here it holds no piece.
        }
        catch (InvalidOperationException)
        {
            // As above: its escapes are no text (half of a surrogate pair).
        }
    }
}
