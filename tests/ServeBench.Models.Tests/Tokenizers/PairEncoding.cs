using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Tests.Tokenizers;

/// <summary>
/// Pairs of texts, which no model here takes: the recorded pairs show that texts are cut where the reference cuts them, down to half a word.
/// </summary>
internal static class PairEncoding
{
    /// <summary>Encodes two texts as <c>[CLS] first [SEP] second [SEP]</c>; where that is too long, the longer text is cut first.</summary>
    /// <returns>The ids; and 0 for the first text and its special tokens, 1 for the second.</returns>
    public static (int[] Ids, int[] Segments) EncodePair(this WordPieceTokenizer tokenizer, string first, string second, int limit)
    {
        var (firstLength, secondLength) = Lengths(tokenizer.CountUpTo(first, limit), tokenizer.CountUpTo(second, limit), limit - 3);
        var (head, tail) = (new int[firstLength + 2], new int[secondLength + 2]);
        Assert.Equal((head.Length, tail.Length), (tokenizer.Encode(first, head), tokenizer.Encode(second, tail)));
        return ([.. head, .. tail[1..]], [.. new int[head.Length], .. Enumerable.Repeat(1, tail.Length - 1)]);
    }

    /// <summary>
    /// How long two texts stay within a limit, as the reference implementation's "longest first" decides: the shorter is kept
    /// whole where half of the limit suffices for it, and of two halves the longer text gets the longer.
    /// </summary>
    /// <param name="limit">Room for both, special tokens not included.</param>
    private static (int First, int Second) Lengths(int first, int second, int limit)
    {
        if (first + second <= limit) return (first, second);
        var shorter = Math.Min(first, second);
        var longer = shorter > limit ? shorter : Math.Max(shorter, limit - shorter);
        if (shorter + longer > limit) (shorter, longer) = (limit / 2, (limit / 2) + (limit % 2));
        return first > second ? (longer, shorter) : (shorter, longer);
    }
}
