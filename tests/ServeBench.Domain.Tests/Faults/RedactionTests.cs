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
    [InlineData("Set-Cookie: session=pl4nted; id=pl4nted; Path=/")]
    [InlineData("https://account.blob.core.windows.net/c/f?sv=2024&sig=pl4nted%3D")]
    [InlineData("GET /v1/models?key=pl4nted HTTP/1.1")]
    [InlineData("SECRET_KEY=pl4nted")]
    [InlineData("\"private_key\": \"pl4nted\"")]
    [InlineData("a signed token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbDRudGVkIn0.pl4nted-signature was refused")]
    [InlineData("x-api-key: pl4nted")]
    public void A_secret_is_taken_out(string text) => Assert.DoesNotContain("pl4nted", Redaction.Of(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://host:80/v1/embeddings?x=1")]
    [InlineData("tokens per second: 17, tokenizer.json")]
    [InlineData("timestamp,latency")]
    [InlineData("mixed-length: 16, 64 and 128 tokens")]
    [InlineData("a basic answer, user@host")]
    [InlineData("the key whale is not known; monkey: 3; key: value")]
    [InlineData("keyboard=us")]
    public void Other_text_is_left(string text) => Assert.Equal(text, Redaction.Of(text));

    [Theory]
    [InlineData("HF_TOKEN", "pl4nted-value", true)]
    [InlineData("AWS_SECRET_ACCESS_KEY", "abc/def+pl4nted", true)]
    [InlineData("DB_PASSWORD", "pl4nted pass", true)]
    [InlineData("OPENAI_API_KEY", "not-needed", false)]
    [InlineData("X_TOKEN", "pl4nt", false)]
    [InlineData("OPENAI_KEY", "pl4nted-value", true)]
    [InlineData("GITHUB_PAT", "pl4nted-value", true)]
    [InlineData("SSH_PASSPHRASE", "pl4nted-value", true)]
    [InlineData("REGISTRY_AUTH", "cGw0bnRlZA==4", true)]
    [InlineData("MONKEY", "pl4nted-value", false)]
    [InlineData("SSH_AUTH_SOCK", "pl4nted-value", false)]
    [InlineData("PWD", "/home/me/src2", false)]
    [InlineData("GITHUB_TOKEN", "/run/secrets/token1", false)]
    [InlineData("TOKENIZERS_PARALLELISM", "pl4nted-value", false)]
    public void A_variable_whose_name_says_so_is_a_secret_wherever_its_value_is(string name, string value, bool isSecret) =>
        Assert.Equal(isSecret ? [value] : [], Redaction.OwnOf(new System.Collections.Hashtable { [name] = value }));

    [Fact]
    public void A_quote_is_one_short_line() => Assert.Equal("a b" + new string('x', 77) + "...", Redaction.Quote("a\nb" + new string('x', 500)));

    /// <summary>A server may print what it was sent: its length squared would be minutes.</summary>
    [Theory]
    [InlineData("x")]
    [InlineData("a.")]
    [InlineData("a@")]
    [InlineData("://")]
    [InlineData("token ")]
    [InlineData("authorization:")]
    [InlineData(" ")]
    public void Long_text_takes_no_longer_for_each_character(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.EndsWith($"password={Redaction.Mark}", Redaction.Of($"{text} password=pl4nted"), StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"it took {watch.Elapsed}");
    }
}
