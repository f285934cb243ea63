using System.Text;

namespace ServeBench.Models.Tokenizers.ByteLevel;

/// <summary>
/// The visible character that stands for each byte in the vocabularies of byte-level BPE (Radford et al. 2019, encoder.py's
/// <c>bytes_to_unicode</c>): the printable ones of Latin-1 for themselves, the others by the characters from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = new char[256];
    private static readonly Dictionary<char, byte> Bytes = [];

    static ByteAlphabet()
    {
        var ordered = new List<byte>();
        for (var b = 0; b < 256; b++)
        {
            if (b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE) ordered.Add((byte)b);
        }
        foreach (var b in ordered) Characters[b] = (char)b;
        var next = '\u0100';
        for (var b = 0; b < 256; b++)
        {
            if (Characters[b] != 0) continue;
            Characters[b] = next++;
            ordered.Add((byte)b);
        }
        InOrder = ordered;
        for (var b = 0; b < 256; b++) Bytes[Characters[b]] = (byte)b;
    }

    /// <summary>All bytes in the order in which vocabularies begin: the printable ones first.</summary>
    public static IReadOnlyList<byte> InOrder { get; }

    /// <summary>Bytes as a vocabulary writes them.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes) text.Append(Characters[b]);
        return text.ToString();
    }

    /// <summary>The bytes of a vocabulary's token; null where it has a character that stands for none.</summary>
    public static byte[]? Read(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (!Bytes.TryGetValue(token[i], out bytes[i])) return null;
        }
        return bytes;
    }
}
