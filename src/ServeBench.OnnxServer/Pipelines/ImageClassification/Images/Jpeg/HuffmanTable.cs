using System.Runtime.CompilerServices;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>A Huffman code of a JPEG file (ITU T.81, annex C and F.2.2.3), with tables for codes of up to ten bits.</summary>
internal sealed class HuffmanTable
{
    public const int FastBits = 10;
    private const int Longest = 16;
    private const int MostSymbols = 256;

    /// <summary>By the next ten bits: the code's length and its symbol, <c>length &lt;&lt; 8 | symbol</c>; 0 for longer ones.</summary>
    private readonly ushort[] _fast = new ushort[1 << FastBits];
    private readonly uint[] _steps = new uint[1 << FastBits];
    private readonly ushort[] _skips = new ushort[1 << FastBits];
    private readonly byte[] _symbols = new byte[MostSymbols];

    /// <summary>For each length, the first code after those of it, with zeros behind up to 16 bits.</summary>
    private readonly int[] _ends = new int[Longest + 2];

    /// <summary>For each length, what to add to a code to get the place of its symbol.</summary>
    private readonly int[] _offsets = new int[Longest + 1];

    private bool _hasSteps;

    /// <summary>
    /// By the next ten bits, what a code and the bits behind it say of coefficients other than the first (ITU T.81, F.2.2.2):
    /// <c>value &lt;&lt; 16 | zeros &lt;&lt; 8 | bits in all</c>. The zeros are those before the value, or <see cref="RestOfBlock"/>.
    /// An entry is 0 where ten bits do not hold both, and for sixteen zeros.
    /// </summary>
    public ReadOnlySpan<uint> Steps => _steps;

    /// <summary>As <see cref="Steps"/>, without the value and whatever bits it has: <c>zeros &lt;&lt; 8 | bits in all</c>.</summary>
    public ReadOnlySpan<ushort> Skips => _skips;

    /// <summary>More zeros than a block has room for.</summary>
    public const int RestOfBlock = JpegComponent.BlockSize;

    /// <param name="counts">How many codes there are of each length from 1 to 16.</param>
    /// <param name="symbols">Their symbols, in the order of the codes.</param>
    /// <exception cref="UnreadableImageException">when no code has so many of some length.</exception>
    public void Set(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        symbols.CopyTo(_symbols);
        Array.Clear(_fast);
        var (code, place) = (0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            _offsets[length] = place - code;
            var count = counts[length - 1];
            if (code + count > 1 << length)
                throw UnreadableImageException.Damaged($"a Huffman table has more codes of {length} bits than are possible");
            if (length <= FastBits)
            {
                for (var i = 0; i < count; i++)
                    _fast.AsSpan((code + i) << (FastBits - length), 1 << (FastBits - length))
                        .Fill((ushort)((length << 8) | symbols[place + i]));
            }
            code += count;
            place += count;
            _ends[length] = code << (Longest - length);
            code <<= 1;
        }
        _ends[Longest + 1] = int.MaxValue;
        _hasSteps = false;
    }

    /// <summary>Makes <see cref="Steps"/> and <see cref="Skips"/>: for a table that is used, since a file may hold thousands.</summary>
    public void MakeSteps()
    {
        if (_hasSteps) return;
        for (var next = 0; next < _steps.Length; next++) (_skips[next], _steps[next]) = (Skip(_fast[next]), Step(next, _fast[next]));
        _hasSteps = true;
    }

    /// <summary>A coefficient of so many bits (ITU T.81, F.2.2.1, EXTEND); 1 to 16 of them.</summary>
    public static int Extend(int number, int bits) => number < 1 << (bits - 1) ? number - (1 << bits) + 1 : number;

    /// <summary>The symbol whose code comes next, and how many bits it has: 1 to 16.</summary>
    /// <param name="bits">What comes next, the first bit highest.</param>
    /// <exception cref="UnreadableImageException">when no code begins so.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Symbol, int Length) Find(ulong bits)
    {
        int entry = _fast[(int)(bits >> (64 - FastBits))];
        if (entry != 0) return ((byte)entry, entry >> 8);
        var symbol = FindLong((int)(bits >> 48), out var length);
        return (symbol, length);
    }

    /// <summary>Finds a code of more than ten bits.</summary>
    /// <param name="next">The next 16 bits.</param>
    /// <param name="length">How many of them are the code.</param>
    /// <exception cref="UnreadableImageException">when no code begins so.</exception>
    private int FindLong(int next, out int length)
    {
        length = FastBits + 1;
        while (next >= _ends[length]) length++;
        if (length > Longest) throw UnreadableImageException.Damaged("its data has a code that is not in its Huffman table");
        return _symbols[(next >> (Longest - length)) + _offsets[length]];
    }

    private static ushort Skip(int code)
    {
        var (length, zeros, size) = (code >> 8, (code >> 4) & 15, code & 15);
        if (code == 0 || (byte)code == JpegScan.SixteenZeros) return 0;
        return (ushort)(((size == 0 ? RestOfBlock : zeros) << 8) | (length + size));
    }

    private static uint Step(int next, int code)
    {
        var (skip, size) = (Skip(code), code & 15);
        if (skip == 0 || (byte)skip > FastBits) return 0;
        if (size == 0) return skip;
        var number = (next >> (FastBits - (byte)skip)) & ((1 << size) - 1);
        return (uint)((Extend(number, size) << 16) | skip);
    }
}
