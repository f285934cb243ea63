using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Work.Embedding;
using ServeBench.Work.Texts;

namespace ServeBench.Work.Tests.Embedding;

public class TextPayloadsTests
{
    private static readonly string Corpus = string.Join(' ', Enumerable.Range(0, 3000).Select(i => new string((char)('a' + (Seeds.Derive(i, "letter") % 26)), 1 + (int)(Seeds.Derive(i, "length") % 9))));

    /// <summary>A tokenizer in miniature: one token per three letters begun, and two special ones.</summary>
    private static int Count(string text) => 2 + text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(w => (w.Length + 2) / 3);

    private static TextPayload Spec(int distinct, int items = 1) => new("words.txt", [new TokenLength(8, 3), new TokenLength(40, 1)], items, distinct);

    [Fact]
    public void Every_text_has_exactly_its_number_of_tokens_and_is_unlike_the_others()
    {
        var requests = TextPayloads.Cut(Spec(100, items: 2), Corpus, Count, seed: 5);
        Assert.Equal(100, requests.Count);
        var texts = requests.SelectMany(r => r).ToArray();
        Assert.Equal(200, texts.Distinct().Count());
        Assert.Equal(new Dictionary<int, int> { [8] = 150, [40] = 50 }, texts.GroupBy(Count).ToDictionary(g => g.Key, g => g.Count()));
    }

    [Fact]
    public void Any_stretch_has_nearly_the_mix_that_was_asked()
    {
        var lengths = TextPayloads.Cut(Spec(200), Corpus, Count, seed: 5).Select(r => Count(r[0])).ToArray();
        for (var start = 0; start + 40 <= lengths.Length; start++) Assert.InRange(lengths.Skip(start).Take(40).Count(l => l == 40), 8, 12);
        // And yet the order is not the same in every block.
        Assert.True(lengths.Chunk(4).Select(c => Array.IndexOf(c, 40)).Distinct().Count() > 1);
    }

    [Fact]
    public void The_seed_decides_the_texts()
    {
        static string All(long seed) => string.Join('|', TextPayloads.Cut(Spec(20), Corpus, Count, seed).SelectMany(r => r));
        Assert.Equal(All(1), All(1));
        Assert.NotEqual(All(1), All(2));
    }

    [Fact]
    public void A_corpus_that_is_too_small_is_told() =>
        Assert.Contains("does not hold 50 different texts", Assert.Throws<RunFailedException>(() => TextPayloads.Cut(Spec(50), "a b c", Count, 1)).Message, StringComparison.Ordinal);
}
