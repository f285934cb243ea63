using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace ServeBench.OnnxServer.Protocols;

/// <summary>Writes numbers as the text of answers. Every method returns how many bytes it wrote.</summary>
internal static class NumberWriter
{
    /// <summary>Bytes of the longest whole number.</summary>
    public const int LongestInteger = 20;

    /// <summary>Bytes of the longest single (<c>-1.17549435E-38</c>) with a comma.</summary>
    private const int LongestSingle = 17;

    /// <summary>Bytes that <see cref="WriteArray"/> needs at most.</summary>
    public static int RoomForArray(int numbers) => 2 + numbers * LongestSingle;

    /// <summary>Bytes that <see cref="WriteBase64"/> needs at most.</summary>
    public static int RoomForBase64(int numbers) => 2 + Base64.GetMaxEncodedToUtf8Length(numbers * sizeof(float));

    /// <summary>A JSON array of the shortest numbers that read back as the same singles.</summary>
    public static int WriteArray(ReadOnlySpan<float> numbers, Span<byte> into)
    {
        into[0] = (byte)'[';
        var at = 1 + WriteList(numbers, into[1..]);
        into[at] = (byte)']';
        return at + 1;
    }

    /// <summary>What is between the brackets of an array.</summary>
    public static int WriteList(ReadOnlySpan<float> numbers, Span<byte> into)
    {
        var at = 0;
        foreach (var number in numbers)
        {
            if (at > 0) into[at++] = (byte)',';
            if (!number.TryFormat(into[at..], out var written)) throw NoRoom();
            at += written;
        }
        return at;
    }

    /// <summary>A JSON string with the bytes of the numbers, lowest first, as OpenAI's own service sends them.</summary>
    public static int WriteBase64(ReadOnlySpan<float> numbers, Span<byte> into)
    {
        into[0] = (byte)'"';
        if (Base64.EncodeToUtf8(AsLittleEndian(numbers), into[1..], out _, out var written) != OperationStatus.Done) throw NoRoom();
        into[written + 1] = (byte)'"';
        return written + 2;
    }

    public static int Write(int number, Span<byte> into) => number.TryFormat(into, out var written) ? written : throw NoRoom();

    public static int Write(ReadOnlySpan<byte> text, Span<byte> into)
    {
        text.CopyTo(into);
        return text.Length;
    }

    /// <summary>The bytes of singles, lowest first.</summary>
    public static ReadOnlySpan<byte> AsLittleEndian(ReadOnlySpan<float> numbers) => BitConverter.IsLittleEndian
        ? MemoryMarshal.AsBytes(numbers)
        : throw new PlatformNotSupportedException(
            "numbers are sent with their lowest byte first; this machine keeps them the other way round");

    private static InvalidOperationException NoRoom() => new("the room that was reckoned for an answer is too small");
}
