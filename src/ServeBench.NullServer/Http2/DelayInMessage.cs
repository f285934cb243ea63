using System.Buffers.Text;

namespace ServeBench.NullServer.Http2;

/// <summary>The delay that a call asks for: its message begins with a field that holds the text <c>/delay/NANOSECONDS</c>.</summary>
internal sealed class DelayInMessage
{
    private const long Longest = 600_000_000_000;

    /// <summary>Bytes before the message: its flag and length.</summary>
    private const int PrefixLength = 5;

    private readonly byte[] _start = new byte[64];
    private int _count;

    private static ReadOnlySpan<byte> Path => "/delay/"u8;

    /// <summary>Null when it asks for none.</summary>
    public long? Nanoseconds
    {
        get
        {
            // After the field's number, in bytes with their highest bit set but for the last, come its length and its text.
            var at = PrefixLength;
            while (at < _count && _start[at] >= 0x80) at++;
            at++;
            if (at >= _count) return null;
            var length = _start[at];
            var text = _start.AsSpan(at + 1, _count - at - 1);
            if (length > text.Length || !text.StartsWith(Path)) return null;
            text = text[Path.Length..length];
            return Utf8Parser.TryParse(text, out long delay, out var used) && used == text.Length && delay is >= 0 and <= Longest
                ? delay
                : null;
        }
    }

    /// <summary>A call begins.</summary>
    public void Begin() => _count = 0;

    public void Append(ReadOnlySpan<byte> body)
    {
        var take = Math.Min(body.Length, _start.Length - _count);
        body[..take].CopyTo(_start.AsSpan(_count));
        _count += take;
    }
}
