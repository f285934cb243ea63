using ServeBench.Work.Generation;

namespace ServeBench.Work.Tests.Generation;

public class ExpectedContinuationTests
{
    private const double Sure = 0.5;
    private const double NearTie = 1e-4;

    private static readonly int[] Whales = TinyVocabulary.Tokenizer.Encode(" whale the sea whale");

    private static ExpectedContinuation Of(int[] tokens, params (int Token, double Margin)[] margins)
    {
        var all = Enumerable.Repeat(Sure, tokens.Length).ToArray();
        foreach (var (token, margin) in margins) all[token] = margin;
        return new ExpectedContinuation(tokens, all, TinyVocabulary.Tokenizer);
    }

    [Fact]
    public void The_same_text_is_right() => Assert.Equal((0, null), Of(Whales).Compare(" whale the sea whale"));

    [Fact]
    public void Another_word_differs_by_the_margin_of_its_token()
    {
        // " whale", " ", "the", " sea", " whale"
        Assert.Equal(5, Whales.Length);
        Assert.Equal((Sure, null), Of(Whales, (1, NearTie), (4, NearTie)).Compare(" whale the sun whale"));
        Assert.Equal((NearTie, null), Of(Whales, (3, NearTie)).Compare(" whale the sun whale"));
        Assert.Equal((NearTie, null), Of(Whales, (0, NearTie)).Compare(" shark"));
    }

    /// <summary>Behind a near tie that was decided otherwise the rest is about another text.</summary>
    [Fact]
    public void What_follows_the_first_difference_does_not_count() =>
        Assert.Equal((NearTie, null), Of(Whales, (3, NearTie)).Compare(" whale the ship of another crew"));

    [Fact]
    public void A_longer_token_that_begins_with_the_expected_one_is_as_sure_as_that()
    {
        Assert.Equal((NearTie, null), Of(Whales, (2, NearTie)).Compare(" whale there"));
        Assert.Equal((Sure, null), Of(Whales, (1, NearTie)).Compare(" whale there"));
    }

    [Theory]
    [InlineData(" whale the", "it ends after 3 of 5 tokens")]
    [InlineData("", "it ends after 0 of 5 tokens")]
    [InlineData(" whale the sea whale sea", "it goes on behind the 5 tokens")]
    public void Fewer_tokens_or_more_are_no_continuation(string served, string problem) =>
        Assert.StartsWith(problem, Of(Whales, (3, NearTie)).Compare(served).Unusable, StringComparison.Ordinal);

    /// <summary>🐋 is four bytes, a token each here.</summary>
    [Fact]
    public void A_character_of_several_tokens_is_as_sure_as_the_least_sure_of_them()
    {
        var tokens = TinyVocabulary.Tokenizer.Encode("🐋 sea");
        Assert.Equal(5, tokens.Length);
        Assert.Equal((NearTie, null), Of(tokens, (2, NearTie)).Compare("🐌 sea"));
        Assert.Equal((Sure, null), Of(tokens, (4, NearTie)).Compare("🐌 sea"));
    }

    /// <summary>Servers differ in whether, and how often, they write U+FFFD for bytes that are no character.</summary>
    [Theory]
    [InlineData("a\uFFFDb")]
    [InlineData("a\uFFFD\uFFFDb")]
    [InlineData("a\uFFFDb\uFFFD")]
    public void Bytes_that_are_no_character_may_be_written_in_any_number(string served)
    {
        var whale = TinyVocabulary.Tokenizer.Encode("🐋");
        int[] tokens = [.. TinyVocabulary.Tokenizer.Encode("a"), whale[0], whale[1], .. TinyVocabulary.Tokenizer.Encode("b"), whale[0]];
        Assert.Equal((0, null), Of(tokens).Compare(served));
        Assert.NotEqual((0, null), Of(tokens).Compare("ab"));
    }
}
