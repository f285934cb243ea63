namespace ServeBench.NullServer.Http2;

/// <summary>Bytes that are put in at one end and taken out at the other.</summary>
internal sealed class ByteQueue
{
    private byte[] _bytes = new byte[1024];
    private int _start;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Count);

    public ArraySegment<byte> Segment => new(_bytes, _start, Count);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_start + Count + bytes.Length > _bytes.Length)
        {
            var larger = Count + bytes.Length > _bytes.Length ? new byte[2 * (Count + bytes.Length)] : _bytes;
            _bytes.AsSpan(_start, Count).CopyTo(larger);
            (_bytes, _start) = (larger, 0);
        }
        bytes.CopyTo(_bytes.AsSpan(_start + Count));
        Count += bytes.Length;
    }

    public void Take(int count)
    {
        Count -= count;
        _start = Count == 0 ? 0 : _start + count;
    }
}
