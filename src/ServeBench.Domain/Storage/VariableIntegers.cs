using System.Buffers;

namespace ServeBench.Domain.Storage;

/// <summary>Writes whole numbers in as few bytes as they need: seven bits in each, the sign in the lowest.</summary>
internal static class VariableInteger
{
    public static void Write(ArrayBufferWriter<byte> buffer, long number)
    {
        var zigzag = (ulong)((number << 1) ^ (number >> 63));
        var span = buffer.GetSpan(10);
        var length = 0;
        while (zigzag >= 0x80)
        {
            span[length++] = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }
        span[length++] = (byte)zigzag;
        buffer.Advance(length);
    }
}

/// <summary>Reads them again, one after the other.</summary>
/// <param name="name">The column, for errors.</param>
/// <param name="bytes">All of its bytes.</param>
internal sealed class VariableIntegers(string name, byte[] bytes)
{
    private int _at;

    public string Name => name;

    /// <summary>Bytes that are still to be read.</summary>
    public int Left => bytes.Length - _at;

    /// <exception cref="InvalidDataException">when there is no whole number any more.</exception>
    public long Next()
    {
        ulong zigzag = 0;
        var shift = 0;
        byte part;
        do
        {
            if (_at == bytes.Length || shift > 63) throw new InvalidDataException($"the column {name} ends inside a value, at byte {_at}");
            part = bytes[_at++];
            zigzag |= (ulong)(part & 0x7f) << shift;
            shift += 7;
        }
        while (part >= 0x80);
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    /// <exception cref="InvalidDataException">when there are bytes left.</exception>
    public void Finish()
    {
        if (Left > 0) throw new InvalidDataException($"the column {name} has {Left} bytes too many");
    }
}
