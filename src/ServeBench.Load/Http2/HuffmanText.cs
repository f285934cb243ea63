namespace ServeBench.Load.Http2;

/// <summary>
/// The Huffman code of header fields (RFC 7541, appendix B). It is canonical: codes of one length follow each other in the order of their
/// symbols, so that the lengths alone say which they are.
/// </summary>
internal static class HuffmanText
{
    private const int EndOfText = 256;
    private const int Shortest = 5;
    private const int Longest = 30;

    /// <summary>Bits of the code of each symbol, in the order of the symbols.</summary>
    private static readonly byte[] Lengths =
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    private static readonly short[] Symbols = new short[EndOfText + 1];

    /// <summary>By length: the first code of that length, how many there are, and where their symbols begin.</summary>
    private static readonly (int First, int Count, int Start)[] ByLength = Build();

    /// <summary>Decodes a text.</summary>
    /// <param name="code">Its code; the last byte may be filled up with the beginning of the code of the end.</param>
    /// <param name="text">Where it goes: 8/5 of the code's length is always enough.</param>
    /// <returns>The text's length in bytes; -1 when the code is none.</returns>
    public static int Decode(ReadOnlySpan<byte> code, Span<byte> text)
    {
        var written = 0;
        var (bits, length) = (0, 0);
        foreach (var one in code)
        {
            for (var shift = 7; shift >= 0; shift--)
            {
                bits = (bits << 1) | ((one >> shift) & 1);
                if (++length < Shortest) continue;
                var (first, count, start) = ByLength[length];
                if (bits - first < count)
                {
                    var symbol = Symbols[start + bits - first];
                    if (symbol == EndOfText) return -1;
                    text[written++] = (byte)symbol;
                    bits = length = 0;
                }
                else if (length == Longest)
                {
                    return -1;
                }
            }
        }
        return length < 8 && bits == (1 << length) - 1 ? written : -1;
    }

    private static (int First, int Count, int Start)[] Build()
    {
        var table = new (int, int, int)[Longest + 1];
        var (code, start) = (0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            code <<= 1;
            var count = 0;
            for (var symbol = 0; symbol <= EndOfText; symbol++)
                if (Lengths[symbol] == length) Symbols[start + count++] = (short)symbol;
            table[length] = (code, count, start);
            code += count;
            start += count;
        }
        return table;
    }
}
