using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Work.Generation;

namespace ServeBench.Work.Tests.Generation;

public class PromptDrawsTests
{
    private static readonly string[] Known = ["whale", "sea", "the", "a", "Ishmael,", "\"Call", "coffin's", "1851"];

    private static readonly string Corpus =
        string.Join('\n', Enumerable.Range(0, 4000).Select(i => Known[Seeds.Derive(i, "word") % Known.Length]));

    private static PromptPayload Spec(int distinct, int prefix = 0) =>
        new("words.txt", [new(20, 3), new(60, 1)], [new(16, 1), new(32, 1)], IgnoresEnd: true, prefix, distinct);

    private static IReadOnlyList<PromptRequest> Cut(PromptPayload spec, int special = 0, long seed = 5) =>
        PromptDraws.Cut(spec, Corpus, TinyVocabulary.Count, special, seed);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Every_prompt_has_exactly_its_tokens_and_is_unlike_the_others(int special)
    {
        var requests = Cut(Spec(80), special);
        Assert.Equal(80, requests.Select(r => r.Prompt).Distinct().Count());
        Assert.Equal(
            new Dictionary<int, int> { [20] = 60, [60] = 20 },
            requests.GroupBy(r => TinyVocabulary.Count(r.Prompt) + special).ToDictionary(g => g.Key, g => g.Count()));
        Assert.All(requests, r => Assert.Equal(TinyVocabulary.Count(r.Prompt) + special, r.LengthInTokens));
        Assert.Equal(40, requests.Count(r => r.OutputTokens == 16));
        // Which output a prompt gets does not follow from its length.
        Assert.Equal(4, requests.Select(r => (r.LengthInTokens, r.OutputTokens)).Distinct().Count());
    }

    [Fact]
    public void Prompts_that_share_a_prefix_begin_with_the_same_tokens_and_no_others_do()
    {
        var shared = Cut(Spec(40, prefix: 12)).Select(r => TinyVocabulary.Tokenizer.Encode(r.Prompt)).ToArray();
        Assert.Single(shared.Select(t => string.Join(' ', t[..12])).Distinct());
        Assert.True(shared.Select(t => string.Join(' ', t[..13])).Distinct().Count() > 1);
        var distinct = Cut(Spec(40)).Select(r => TinyVocabulary.Tokenizer.Encode(r.Prompt));
        Assert.True(distinct.Select(t => string.Join(' ', t[..12])).Distinct().Count() > 20);
    }

    [Fact]
    public void The_seed_decides_the_prompts()
    {
        static string All(long seed) => string.Join('|', Cut(Spec(20, prefix: 8), seed: seed).Select(r => $"{r.Prompt} {r.OutputTokens}"));
        Assert.Equal(All(1), All(1));
        Assert.NotEqual(All(1), All(2));
    }

    [Fact]
    public void A_corpus_that_is_too_small_is_told() => Assert.Contains(
        "does not hold 50 different prompts",
        Assert.Throws<RunFailedException>(() => PromptDraws.Cut(Spec(50), "the sea the sea", TinyVocabulary.Count, 0, 1)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_mix_holds_every_pair_of_lengths_as_often_as_its_weights_say() => Assert.Equal(4, Spec(1).Mix);
}
