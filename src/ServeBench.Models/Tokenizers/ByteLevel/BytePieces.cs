using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace ServeBench.Models.Tokenizers.ByteLevel;

/// <summary>
/// Cuts a text into the pieces within which tokens are merged, by GPT-2's pattern (encoder.py)
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>. The pattern counts characters; .NET's regular
/// expressions see halves of those beyond U+FFFF, which are letters to none of its classes, and would cut 𝒜 otherwise.
/// </summary>
internal sealed class BytePieces : PreTokenizer
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>Offset and length of each piece, in chars.</summary>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Next(text.AsSpan(at));
            yield return (at, length);
            at += length;
        }
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    /// <summary>Length of the first piece, in chars.</summary>
    /// <param name="text">Not empty.</param>
    private static int Next(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'')
        {
            foreach (var contraction in Contractions)
            {
                if (text.StartsWith(contraction, StringComparison.Ordinal)) return contraction.Length;
            }
        }
        var start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var kind = KindOf(text[start..], out _);
        return kind == Kind.Space ? Spaces(text) : start + Run(text[start..], kind);
    }

    /// <summary>White space, less the last of several where something follows, which goes with that.</summary>
    private static int Spaces(ReadOnlySpan<char> text)
    {
        var run = Run(text, Kind.Space);
        // All white space lies below U+10000: the last is one char.
        return run == text.Length || run == 1 ? run : run - 1;
    }

    private static int Run(ReadOnlySpan<char> text, Kind kind)
    {
        var at = 0;
        while (at < text.Length && KindOf(text[at..], out var length) == kind) at += length;
        return at;
    }

    private static Kind KindOf(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out var rune, out length);
        if (Rune.IsWhiteSpace(rune)) return Kind.Space;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
