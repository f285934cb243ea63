using System.Text;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Generation;

public sealed class OutputTextTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    [Fact]
    public void What_is_released_never_ends_within_a_character()
    {
        const string Said = "a whale \U0001F40B and 東京都 in 𝒜 line";
        var text = new OutputText(model.Tokenizer);
        var expected = new StringBuilder();
        foreach (var token in model.Tokens(Said))
        {
            var from = text.Released;
            Assert.False(text.Add(token, new GenerationSettings()));
            var piece = text.Slice(from, text.Released).ToString();
            Assert.DoesNotContain('\uFFFD', piece);
            expected.Append(piece);
            Assert.StartsWith(expected.ToString(), Said, StringComparison.Ordinal);
        }
        text.Finish();
        Assert.Equal(Said, text.Slice(0, text.Released).ToString());
    }

    /// <summary>Tokens of seeded weights are rarely text.</summary>
    [Fact]
    public void Any_tokens_give_the_text_that_they_are_decoded_to()
    {
        var random = new Random(20261);
        for (var round = 0; round < 200; round++)
        {
            int[] tokens = [.. Enumerable.Range(0, 40).Select(_ => random.Next(round % 2 == 0 ? 50257 : 256))];
            var text = new OutputText(model.Tokenizer);
            foreach (var token in tokens) text.Add(token, new GenerationSettings());
            text.Finish();
            Assert.Equal(model.Tokenizer.Decode(tokens), text.Slice(0, text.Released).ToString());
        }
    }

    [Theory]
    [InlineData("one two three", "two", "one ")]
    [InlineData("one two three", "e t", "on")]
    [InlineData("aaaab", "aab", "aa")]
    [InlineData("ends with a half of it: nev", "never", null)]
    [InlineData("two stops: b then a", "a;b", "two stops: ")]
    [InlineData("\U0001F40B\U0001F433", "\U0001F433", "\U0001F40B")]
    public void A_stop_string_ends_a_text_wherever_tokens_are_cut(string said, string stops, string? left)
    {
        var settings = new GenerationSettings { Stops = stops.Split(';') };
        // The tokens of the text, and a token for each of its bytes: stop strings then lie across tokens in every way.
        int[][] ways = [model.Tokens(said), [.. Encoding.UTF8.GetBytes(said).Select(Single)]];
        foreach (var tokens in ways)
        {
            var text = new OutputText(model.Tokenizer);
            var hasStopped = false;
            foreach (var token in tokens)
            {
                hasStopped = text.Add(token, settings);
                // Nothing that turns out to belong to a stop string has been shown.
                Assert.StartsWith(text.Slice(0, text.Released).ToString(), left ?? said, StringComparison.Ordinal);
                if (hasStopped) break;
            }
            if (!hasStopped) text.Finish();
            Assert.Equal(left is not null, hasStopped);
            Assert.Equal(left ?? said, text.Slice(0, text.Released).ToString());
        }
    }

    [Fact]
    public void A_text_may_end_with_the_token_that_completes_a_stop_string()
    {
        var text = new OutputText(model.Tokenizer);
        var settings = new GenerationSettings { Stops = ["tw"], KeepsStop = true };
        Assert.Contains(true, model.Tokens("one two").Select(t => text.Add(t, settings)).ToArray());
        Assert.Equal("one two", text.Slice(0, text.Released).ToString());
    }

    /// <summary>The token of a byte: those of the printable ones come first.</summary>
    private int Single(byte b)
    {
        for (var id = 0; id < 256; id++)
        {
            if (model.Tokenizer.BytesOf(id) is [var only] && only == b) return id;
        }
        throw new InvalidOperationException($"no token is the byte {b}");
    }
}
