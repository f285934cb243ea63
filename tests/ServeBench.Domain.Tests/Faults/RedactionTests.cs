using ServeBench.Domain.Faults;

namespace ServeBench.Domain.Tests.Faults;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("http://user:pl4nted@host:80/x")]
    [InlineData("Get \"https://pl4nted@host/v1\": refused")]
    [InlineData("tcp://me:p@ss-pl4nted@engine:2376")]
    [InlineData("Authorization: Bearer pl4nted-token")]
    [InlineData("proxy-authorization: Basic cGw0bnRlZA==pl4nted")]
    [InlineData("HF_TOKEN=pl4nted")]
    [InlineData("{\"api_key\": \"pl4nted\"}")]
    [InlineData("?x=1&access_token=pl4nted&y=2")]
    [InlineData("password: pl4nted")]
    [InlineData("the token hf_pl4ntedpl4nted was refused")]
    public void A_secret_is_taken_out(string text) => Assert.DoesNotContain("pl4nted", Redaction.Of(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://host:80/v1/embeddings?x=1")]
    [InlineData("tokens per second: 17, tokenizer.json")]
    [InlineData("timestamp,latency")]
    [InlineData("mixed-length: 16, 64 and 128 tokens")]
    [InlineData("a basic answer, user@host")]
    public void Other_text_is_left(string text) => Assert.Equal(text, Redaction.Of(text));

    [Fact]
    public void A_quote_is_one_short_line() => Assert.Equal("a b" + new string('x', 77) + "...", Redaction.Quote("a\nb" + new string('x', 500)));
}
