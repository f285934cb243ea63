namespace ServeBench.Models.References.Classification;

/// <summary>The bits of a scan, the highest of each byte first.</summary>
/// <param name="file">The whole file.</param>
/// <param name="start">Where the scan's bits begin.</param>
internal sealed class JpegBits(byte[] file, int start)
{
    private int _at = start;
    private int _bits;
    private int _left;

    public int Next()
    {
        if (_left == 0)
        {
            // After FF comes a stuffed 0; anything else is a marker, which ends the bits.
            if (_at + 1 >= file.Length || (file[_at] == 0xFF && file[_at + 1] != 0))
                throw new InvalidDataException("the JPEG file ends before its image does");
            _bits = file[_at];
            _at += _bits == 0xFF ? 2 : 1;
            _left = 8;
        }
        return (_bits >> --_left) & 1;
    }

    /// <summary>A number of so many bits, of which those that begin with 0 are negative (T.81, F.2.2.1).</summary>
    public int Signed(int length)
    {
        var value = 0;
        for (var i = 0; i < length; i++) value = (value << 1) | Next();
        return length > 0 && value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
    }

    /// <summary>Goes on behind the next restart marker.</summary>
    public void Restart()
    {
        _left = 0;
        while (file[_at] != 0xFF || file[_at + 1] is < 0xD0 or > 0xD7) _at++;
        _at += 2;
    }
}

/// <summary>A Huffman code as T.81, annex C, makes it of the number of codes of each length.</summary>
internal sealed class ReferenceHuffman
{
    private const int Longest = 16;

    private readonly int[] _counts = new int[Longest + 1];
    private readonly byte[] _values;

    private ReferenceHuffman(ReadOnlySpan<byte> counts, byte[] values)
    {
        for (var length = 1; length <= Longest; length++) _counts[length] = counts[length - 1];
        _values = values;
    }

    public static ReferenceHuffman Read(ReadOnlySpan<byte> segment, out int length)
    {
        var counts = segment[..Longest];
        var total = 0;
        foreach (var count in counts) total += count;
        length = Longest + total;
        return new ReferenceHuffman(counts, segment.Slice(Longest, total).ToArray());
    }

    public int Next(JpegBits bits)
    {
        var (code, first, index) = (0, 0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            code |= bits.Next();
            if (code - first < _counts[length]) return _values[index + code - first];
            index += _counts[length];
            first = (first + _counts[length]) << 1;
            code <<= 1;
        }
        throw new InvalidDataException("a code is in no Huffman table: the JPEG file is damaged");
    }
}
