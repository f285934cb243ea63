using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace ServeBench.OnnxServer.Protocols;

/// <summary>Writes JSON by hand, in pieces, for answers of many small parts: no garbage, no state.</summary>
internal readonly struct Utf8Output(IBufferWriter<byte> writer)
{
    private const int LongestNumber = 32;

    /// <summary>What stands in the source as it is to be sent.</summary>
    public Utf8Output Raw(ReadOnlySpan<byte> text)
    {
        writer.Write(text);
        return this;
    }

    public Utf8Output Number(long number)
    {
        var span = writer.GetSpan(LongestNumber);
        number.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        writer.Advance(written);
        return this;
    }

    /// <summary>A finite number.</summary>
    public Utf8Output Number(float number)
    {
        var span = writer.GetSpan(LongestNumber);
        number.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        writer.Advance(written);
        return this;
    }

    /// <summary>A JSON string, quotes included.</summary>
    /// <param name="text">Unicode: no half of a surrogate pair.</param>
    public Utf8Output Text(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        const int Part = 256;
        Span<byte> bytes = stackalloc byte[Part * 3];
        while (!text.IsEmpty)
        {
            var part = text[..Math.Min(Part, text.Length)];
            var isFinal = part.Length == text.Length;
            Utf8.FromUtf16(part, bytes, out var read, out var length, replaceInvalidSequences: true, isFinalBlock: isFinal);
            Escape(bytes[..length]);
            text = text[read..];
        }
        return Raw("\""u8);
    }

    private void Escape(ReadOnlySpan<byte> text)
    {
        // As six characters at the longest: \u0000.
        const int Longest = 6;
        while (!text.IsEmpty)
        {
            var first = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncodeUtf8(text);
            writer.Write(first < 0 ? text : text[..first]);
            if (first < 0) return;
            Rune.DecodeFromUtf8(text[first..], out _, out var bytes);
            var span = writer.GetSpan(2 * Longest);
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text.Slice(first, bytes), span, out _, out var written);
            writer.Advance(written);
            text = text[(first + bytes)..];
        }
    }
}
