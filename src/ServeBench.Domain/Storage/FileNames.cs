using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServeBench.Domain.Storage;

/// <summary>
/// The one way in which a name becomes the name of a file, a folder, a container or a log. It is injective: different names, and
/// different sequences of names, never share a file, also where a file system ignores case or normalises Unicode. Results are safe
/// everywhere: ASCII letters, digits, dots, dashes and underscores, no reserved word of Windows, no dot or dash first, no
/// dot last, at most <see cref="Longest"/> characters.
/// </summary>
/// <remarks>
/// Letters, digits, dots and dashes stand for themselves, and where some are upper-case <c>_x</c> and hexadecimal digits say which letters
/// are, four to a digit, the first in the highest bit; an underscore is doubled; every other character is an underscore
/// and two hexadecimal digits for each byte of its UTF-8, or <c>_u</c> and four for half a surrogate pair. <c>_.</c> separates parts,
/// <c>_empty</c> is the empty name, and <c>_h</c> begins the hash that ends what would be too long: none of them can be an escape.
/// </remarks>
public static class FileNames
{
    /// <summary>With an extension and the suffixes of temporary files this stays below the 255 bytes that file systems allow.</summary>
    public const int Longest = 120;

    private const int KeptOfLong = 80;

    private static readonly HashSet<string> Reserved =
    [
        "con", "prn", "aux", "nul", .. Enumerable.Range(1, 9).SelectMany(n => (string[])[$"com{n}", $"lpt{n}"]),
    ];

    /// <param name="parts">Names that together identify something, in order; at least one.</param>
    public static string Of(params IReadOnlyList<string> parts)
    {
        if (parts.Count == 0) throw new ArgumentException("a name needs at least one part", nameof(parts));
        var tokens = new List<string>();
        foreach (var part in parts)
        {
            if (tokens.Count > 0) tokens.Add("_.");
            Escape(part, tokens);
        }
        if (tokens[^1] == ".") tokens[^1] = "_2e";
        var stem = string.Concat(tokens.TakeWhile(t => t != "."));
        if (Reserved.Contains(stem.ToLowerInvariant())) tokens[0] = Hexadecimal(tokens[0][0]);
        return tokens.Sum(t => t.Length) <= Longest ? string.Concat(tokens) : Shortened(tokens, parts);
    }

    private static void Escape(string name, List<string> tokens)
    {
        var (first, cases) = (tokens.Count, new StringBuilder());
        if (name.Length == 0) tokens.Add("_empty");
        for (var at = 0; at < name.Length;)
        {
            var c = name[at];
            if (char.IsAsciiLetter(c)) cases.Append(char.IsAsciiLetterUpper(c) ? '1' : '0');
            if (char.IsAsciiLetter(c) || char.IsAsciiDigit(c) || (c is '.' or '-' && tokens.Count > first))
            {
                tokens.Add(c.ToString());
                at++;
            }
            else if (c == '_')
            {
                tokens.Add("__");
                at++;
            }
            else if (Rune.TryGetRuneAt(name, at, out var rune))
            {
                tokens.Add(string.Concat(Encoding.UTF8.GetBytes(rune.ToString()).Select(b => Hexadecimal((char)b))));
                at += rune.Utf16SequenceLength;
            }
            else
            {
                tokens.Add($"_u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}");
                at++;
            }
        }
        if (cases.ToString() is var bits && bits.Contains('1', StringComparison.Ordinal)) tokens.Add($"_x{Digits(bits)}");
    }

    private static string Digits(string bits)
    {
        var padded = bits.PadRight((bits.Length + 3) / 4 * 4, '0');
        return string.Concat(Enumerable
            .Range(0, padded.Length / 4)
            .Select(i => Convert.ToInt32(padded.Substring(4 * i, 4), 2).ToString("x1", CultureInfo.InvariantCulture)));
    }

    private static string Hexadecimal(char c) => $"_{((int)c).ToString("x2", CultureInfo.InvariantCulture)}";

    /// <summary>Cut between two tokens, so that the hash's mark is never taken for the end of an escape.</summary>
    private static string Shortened(List<string> tokens, IReadOnlyList<string> parts)
    {
        var kept = new StringBuilder();
        foreach (var token in tokens.TakeWhile(t => kept.Length + t.Length <= KeptOfLong)) kept.Append(token);
        // Lengths before the text: ["a", "b"] and ["ab"] differ. UTF-16, since UTF-8 would lose halves of surrogate pairs.
        var identity = string.Concat(parts.Select(p => $"{p.Length.ToString(CultureInfo.InvariantCulture)}:{p}"));
        var hash = SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(identity.AsSpan()));
        return $"{kept}_h{Convert.ToHexStringLower(hash.AsSpan(0, 16))}";
    }
}
