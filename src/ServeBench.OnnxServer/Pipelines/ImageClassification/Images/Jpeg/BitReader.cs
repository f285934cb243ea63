using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>
/// Reads the bits of entropy-coded data (ITU T.81, F.2.2.5). At a marker it stops and gives zeros; whoever has used some of them knows by
/// <see cref="IsExhausted"/>.
/// </summary>
/// <param name="data">The whole file.</param>
/// <param name="at">Where the data begins.</param>
internal ref struct BitReader(ReadOnlySpan<byte> data, int at)
{
    private const byte Marker = 0xFF;

    private readonly ReadOnlySpan<byte> _data = data;
    private int _at = at;
    private ulong _bits;
    private int _count;
    private int _zeros;

    /// <summary>True once bits were used that are not in the file.</summary>
    public readonly bool IsExhausted => _zeros > _count;

    /// <summary>Up to here the data has been looked at; no marker lies before.</summary>
    public readonly int Position => _at;

    /// <summary>Makes sure that 32 bits at least can be used before this is called again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Need32()
    {
        if (_count < 32) (_bits, _count) = Refill(_bits, _count);
    }

    /// <summary>The next code's symbol; at most 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Symbol(HuffmanTable table)
    {
        var (symbol, length) = table.Find(_bits);
        Skip(length);
        return symbol;
    }

    /// <summary>The next bits as a number; 1 to 16 of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Number(int bits)
    {
        var value = (int)(_bits >> (64 - bits));
        Skip(bits);
        return value;
    }

    /// <inheritdoc cref="HuffmanTable.Extend"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Coefficient(int bits) => HuffmanTable.Extend(Number(bits), bits);

    /// <summary>The bits that come next, the first one highest, and how many; for a loop that keeps them in registers.</summary>
    public readonly (ulong Bits, int Count) Next => (_bits, _count);

    /// <summary>Takes back what such a loop has left.</summary>
    public void Return(ulong bits, int count) => (_bits, _count) = (bits, count);

    /// <summary>Adds to what such a loop has left, fewer than 64 bits: 32 at least can be used then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (ulong Bits, int Count) Refill(ulong bits, int count)
    {
        if (_at + sizeof(ulong) <= _data.Length)
        {
            var next = BinaryPrimitives.ReadUInt64BigEndian(_data[_at..]);
            // True where no byte is all ones: of its complement none is zero.
            if (((~next - 0x0101010101010101) & next & 0x8080808080808080) == 0)
            {
                // Bits that are not counted are those that come next, too: the same ones are added over them the next time.
                _at += (63 - count) >> 3;
                return (bits | (next >> count), count | 56);
            }
        }
        return RefillByBytes(bits, count);
    }

    /// <summary>Leaves the rest of an interval and its marker behind.</summary>
    /// <exception cref="UnreadableImageException">when the interval ended too early, or another marker, or none, follows.</exception>
    public void Restart(int interval)
    {
        if (IsExhausted) throw UnreadableImageException.Damaged("the data before a restart marker ends too early");
        (_bits, _count, _zeros) = (0, 0, 0);
        _at = NextMarker(_data, _at);
        if (_at + 1 >= _data.Length) throw UnreadableImageException.CutOff();
        if (_data[_at + 1] != 0xD0 + (interval & 7)) throw UnreadableImageException.Damaged("a restart marker is missing");
        _at += 2;
    }

    /// <summary>Where the next marker begins at or after a place; the length of the data when there is none.</summary>
    public static int NextMarker(ReadOnlySpan<byte> data, int at)
    {
        while (true)
        {
            var next = data[at..].IndexOf(Marker);
            if (next < 0 || at + next + 1 >= data.Length) return data.Length;
            at += next;
            if (data[at + 1] is not (0 or Marker)) return at;
            at += data[at + 1] == 0 ? 2 : 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Skip(int bits)
    {
        _bits <<= bits;
        _count -= bits;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (ulong Bits, int Count) RefillByBytes(ulong bits, int count)
    {
        if (count == 0) bits = 0;
        else bits &= ~(ulong.MaxValue >> count);
        while (count <= 56)
        {
            byte next = 0;
            if (_at < _data.Length && (_data[_at] != Marker || (_at + 1 < _data.Length && _data[_at + 1] == 0)))
            {
                next = _data[_at];
                _at += next == Marker ? 2 : 1;
            }
            else if (_at + 1 < _data.Length && _data[_at + 1] == Marker)
            {
                // Any number of these may stand before a marker.
                _at++;
                continue;
            }
            else
            {
                _zeros += 8;
            }
            bits |= (ulong)next << (56 - count);
            count += 8;
        }
        return (bits, count);
    }
}
