using ServeBench.Domain.Plans;

namespace ServeBench.Work.Texts;

/// <summary>
/// The lengths of successive texts: blocks that hold each length as often as its weight says, every block in a random order
/// of its own. So any stretch of requests has nearly the mix that the workload states, and a short window is not at the mercy
/// of how many long texts happened to fall into it.
/// </summary>
internal sealed class LengthSequence
{
    private readonly int[] _block;
    private readonly long _seed;
    private int[] _shuffled;
    private int _number;
    private int _at;

    public LengthSequence(IReadOnlyList<TokenLength> lengths, long seed)
    {
        _block = Block(lengths);
        _seed = seed;
        _shuffled = Shuffle();
    }

    /// <summary>After how many requests in a row every length has come as often as its weight says.</summary>
    public static int RequestsOfMix(IReadOnlyList<TokenLength> lengths, int itemsPerRequest)
    {
        var texts = Block(lengths).Length;
        return texts / Divisor(texts, itemsPerRequest);
    }

    /// <summary>The same where each request draws from two sequences.</summary>
    public static int RequestsOfMix(IReadOnlyList<TokenLength> one, IReadOnlyList<TokenLength> other)
    {
        var (first, second) = (Block(one).Length, Block(other).Length);
        return first / Divisor(first, second) * second;
    }

    /// <summary>Tokens of the next text.</summary>
    public int Current => _shuffled[_at];

    public void Next()
    {
        if (++_at < _shuffled.Length) return;
        _at = 0;
        _number++;
        _shuffled = Shuffle();
    }

    private int[] Shuffle() =>
        [.. Enumerable.Range(0, _block.Length).OrderBy(i => Seeds.Derive(_seed, $"block {_number}, place {i}")).Select(i => _block[i])];

    private static int[] Block(IReadOnlyList<TokenLength> lengths)
    {
        var unit = lengths.Aggregate(0, (common, l) => Divisor(common, l.Weight));
        return [.. lengths.SelectMany(l => Enumerable.Repeat(l.Tokens, l.Weight / unit))];
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
