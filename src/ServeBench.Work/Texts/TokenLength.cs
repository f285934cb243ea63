using ServeBench.Domain.Wording;
using ServeBench.Domain.Yaml;

namespace ServeBench.Work.Texts;

/// <param name="Tokens">Exact number of tokens, special tokens included.</param>
/// <param name="Weight">Relative frequency, a positive whole number.</param>
public sealed record TokenLength(int Tokens, int Weight);

/// <summary>The lengths that a workload names, with how often each occurs.</summary>
internal static class TokenLengths
{
    private const int Most = 1 << 20;
    private const string Remedy = "Write tokens: weight, for example 128: 1";

    /// <summary>Reads <c>{ 16: 3, 128: 1 }</c>: tokens, and how often that length occurs beside the others.</summary>
    /// <param name="lengths">The section.</param>
    /// <param name="least">The fewest tokens that make sense.</param>
    public static IReadOnlyList<TokenLength> Read(YamlMapping lengths, int least)
    {
        var result = new List<TokenLength>();
        foreach (var key in lengths.Keys)
        {
            if (int.TryParse(key, out var tokens) && tokens >= least && tokens <= Most)
                result.Add(new TokenLength(tokens, lengths.Integer(key, 1, 1_000_000)));
            else lengths.Fault(key, $"'{key}' is not a number of tokens from {least} to {Most}", Remedy);
            lengths.Node(key);
        }
        if (lengths.Keys.Count == 0) lengths.Fault(null, "no length is given", Remedy);
        lengths.Done();
        return result;
    }

    /// <summary>For people: <c>128 tokens</c>, <c>75 % 16, 25 % 128 tokens</c>.</summary>
    public static string Describe(IReadOnlyList<TokenLength> lengths)
    {
        if (lengths.Count == 1) return Plural.Of(lengths[0].Tokens, "token");
        var total = lengths.Sum(l => l.Weight);
        return string.Join(", ", lengths.Select(l => $"{100.0 * l.Weight / total:0} % {l.Tokens}")) + " tokens";
    }
}
