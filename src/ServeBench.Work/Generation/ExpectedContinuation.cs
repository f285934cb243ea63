using System.Text;
using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.Work.Generation;

/// <summary>What greedy decoding gives for a prompt, as tokens and as text, and how sure each token was.</summary>
public sealed class ExpectedContinuation
{
    /// <summary>What stands for bytes that are no character; servers differ in how many of them they write.</summary>
    private const char Replacement = '\uFFFD';

    private readonly IReadOnlyList<double> _margins;

    /// <summary>Characters of the text that are complete with each token.</summary>
    private readonly int[] _ends;

    /// <param name="tokens">The ids, one at least.</param>
    /// <param name="margins">For each, how far the next best logit is below, in standard deviations of the logits.</param>
    /// <param name="tokenizer">What makes a text of them.</param>
    public ExpectedContinuation(IReadOnlyList<int> tokens, IReadOnlyList<double> margins, ByteLevelTokenizer tokenizer)
    {
        (Tokens, _margins) = (tokens, margins);
        var pieces = new TokenText(tokenizer);
        var text = new StringBuilder();
        _ends = new int[tokens.Count];
        for (var i = 0; i < tokens.Count; i++)
        {
            AppendPlain(text, pieces.Add(tokens[i]));
            _ends[i] = text.Length;
        }
        Text = text.ToString();
    }

    public IReadOnlyList<int> Tokens { get; }

    /// <summary>The text, with one U+FFFD where any number of them stand in a row.</summary>
    public string Text { get; }

    /// <summary>
    /// Holds a text against it. A character that the last token leaves incomplete is written by some servers and held back by others, so
    /// it does not count.
    /// </summary>
    /// <returns>
    /// 0 where the texts are the same. Else the margin of the token that is another one: of several that the first different character is
    /// made of, and of the one that ends before it, the least sure. Or why it is no continuation by as many tokens.
    /// </returns>
    public (double Margin, string? Unusable) Compare(string served)
    {
        var given = new StringBuilder();
        AppendPlain(given, served);
        var (expected, answer) = (Text.TrimEnd(Replacement), given.ToString().TrimEnd(Replacement));
        var same = expected.AsSpan().CommonPrefixLength(answer);
        if (same == expected.Length)
        {
            return answer.Length == same
                ? (0, null)
                : (0, $"it goes on behind the {Tokens.Count} tokens that were asked for: {Shown(answer, same)}");
        }
        var at = Array.FindIndex(_ends, end => end > same);
        if (same == answer.Length) return (0, $"it ends after {at} of {Tokens.Count} tokens: {Shown(answer, same)}");
        var margin = _margins[at];
        // The token before may have been a longer one that begins with it.
        if (at > 0 && _ends[at - 1] == same) margin = Math.Min(margin, _margins[at - 1]);
        for (var before = at - 1; before >= 0 && _ends[before] == (before == 0 ? 0 : _ends[before - 1]); before--)
            margin = Math.Min(margin, _margins[before]);
        return (margin, null);
    }

    private static string Shown(string text, int at) => $"\"...{text[Math.Max(0, at - 20)..Math.Min(text.Length, at + 20)]}\"";

    private static void AppendPlain(StringBuilder text, string piece)
    {
        foreach (var c in piece)
        {
            if (c != Replacement || text.Length == 0 || text[^1] != Replacement) text.Append(c);
        }
    }
}
