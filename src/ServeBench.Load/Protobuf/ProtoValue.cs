namespace ServeBench.Load.Protobuf;

/// <summary>One field of an encoded message.</summary>
/// <param name="Number">The field's.</param>
/// <param name="WireType">One of the constants of <see cref="ProtoKinds"/>.</param>
/// <param name="Varint">Its value, where it is a number of variable length.</param>
/// <param name="Bytes">Its bytes, where it is not.</param>
internal readonly record struct ProtoValue(int Number, int WireType, ulong Varint, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Takes the next field off a message.</summary>
    /// <returns>Null when the bytes are none: cut off, a group, or with the number 0.</returns>
    public static ProtoValue? Read(ref ReadOnlyMemory<byte> bytes)
    {
        if (!TryVarint(ref bytes, out var tag) || tag >> 3 is 0 or > int.MaxValue) return null;
        return ReadBare((int)(tag >> 3), (int)(tag & 7), ref bytes);
    }

    /// <summary>Takes a value off whose number and wire type are known.</summary>
    public static ProtoValue? ReadBare(int number, int wireType, ref ReadOnlyMemory<byte> bytes)
    {
        switch (wireType)
        {
            case ProtoKinds.Varint:
                return TryVarint(ref bytes, out var value) ? new ProtoValue(number, wireType, value, default) : null;
            case ProtoKinds.EightBytes:
                return Take(number, wireType, 8, ref bytes);
            case ProtoKinds.FourBytes:
                return Take(number, wireType, 4, ref bytes);
            case ProtoKinds.Delimited:
                return TryVarint(ref bytes, out var length) ? Take(number, wireType, length, ref bytes) : null;
            default:
                return null;
        }
    }

    private static ProtoValue? Take(int number, int wireType, ulong length, ref ReadOnlyMemory<byte> bytes)
    {
        if (length > (ulong)bytes.Length) return null;
        var taken = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return new ProtoValue(number, wireType, 0, taken);
    }

    private static bool TryVarint(ref ReadOnlyMemory<byte> bytes, out ulong value)
    {
        value = 0;
        var span = bytes.Span;
        for (var i = 0; i < 10 && i < span.Length; i++)
        {
            value |= (ulong)(span[i] & 0x7f) << (7 * i);
            if (span[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }
}
