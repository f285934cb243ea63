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

/// <summary>
/// Reads the values of one column of a sample file, a piece of the file at a time; columns of one file can be read in step.
/// </summary>
/// <param name="name">The column, for errors.</param>
/// <param name="file">The whole file; it can be sought in.</param>
/// <param name="start">Where its values begin.</param>
/// <param name="length">How many bytes they take.</param>
internal sealed class VariableIntegers(string name, Stream file, long start, long length)
{
    private const int Piece = 1 << 16;

    private readonly byte[] _bytes = new byte[Math.Min(Piece, length)];
    private long _taken;
    private int _at;
    private int _held;

    public string Name => name;

    /// <summary>Bytes that are still to be read.</summary>
    public long Left => length - _taken + _held - _at;

    /// <exception cref="InvalidDataException">when there is no whole number any more.</exception>
    public long Next()
    {
        ulong zigzag = 0;
        var shift = 0;
        byte part;
        do
        {
            if (shift > 63 || (_at == _held && !Fetch()))
                throw new InvalidDataException($"the column {name} ends inside a value, at byte {_taken - _held + _at}");
            part = _bytes[_at++];
            zigzag |= (ulong)(part & 0x7f) << shift;
            shift += 7;
        }
        while (part >= 0x80);
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    /// <exception cref="InvalidDataException">when there are values left.</exception>
    public void Finish()
    {
        if (Left != 0) throw new InvalidDataException($"the column {name} has {Left} bytes too many");
    }

    private bool Fetch()
    {
        file.Position = start + _taken;
        _held = file.Read(_bytes.AsSpan(0, (int)Math.Min(_bytes.Length, length - _taken)));
        _taken += _held;
        _at = 0;
        return _held > 0;
    }
}
