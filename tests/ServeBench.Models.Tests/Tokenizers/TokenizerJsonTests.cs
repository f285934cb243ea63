using System.Text.Json.Nodes;
using ServeBench.Domain.Faults;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Tests.Tokenizers;

[Lane("slow")]
public sealed class TokenizerJsonTests(PreparedMiniLm model) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_published_files_form_gives_the_same_tokens_as_the_vocabulary()
    {
        var tokenizer = Read(_ => { });
        Assert.Equal(128, tokenizer.MaximumTokens);
        var (expected, actual) = (new int[64], new int[64]);
        const string Text = "Crème [SEP] unbelievably 漢字";
        Assert.Equal(expected[..model.Tokenizer.Encode(Text, expected)], actual[..tokenizer.Encode(Text, actual)]);
    }

    [Fact]
    public void A_limit_may_be_given_and_the_other_post_processor_is_read()
    {
        Write(json => json["post_processor"] = JsonNode.Parse("""{"type":"BertProcessing","sep":["[SEP]",102],"cls":["[CLS]",101]}"""));
        Assert.Equal(77, TokenizerJson.Read(_folder.File("tokenizer.json"), 77).MaximumTokens);
    }

    [Theory]
    [InlineData("model", "type", "BPE", "model.type is 'BPE'")]
    [InlineData("normalizer", "lowercase", false, "normalizer.lowercase is 'False'")]
    [InlineData("normalizer", "strip_accents", false, "normalizer.strip_accents is 'False'")]
    [InlineData("pre_tokenizer", "type", "Metaspace", "pre_tokenizer.type is 'Metaspace'")]
    [InlineData("truncation", "direction", "Left", "truncation.direction is 'Left'")]
    [InlineData("truncation", "strategy", "OnlyFirst", "truncation.strategy is 'OnlyFirst'")]
    [InlineData("padding", "direction", "Left", "padding.direction is 'Left'")]
    [InlineData("model", "max_input_chars_per_word", 50, "max_input_chars_per_word is '50'")]
    public void Anything_else_is_refused_by_name(string section, string key, object value, string named) =>
        Assert.Contains(named, Refusal(json => json[section]![key] = JsonValue.Create(value)), StringComparison.Ordinal);

    [Fact]
    public void A_missing_section_a_foreign_template_and_a_foreign_token_are_refused()
    {
        Assert.Contains("normalizer.type is ''", Refusal(json => json["normalizer"] = null), StringComparison.Ordinal);
        Assert.Contains("'A [SEP]'", Refusal(json => json["post_processor"]!["single"]!.AsArray().RemoveAt(0)), StringComparison.Ordinal);
        Assert.Contains("'<extra>'", Refusal(json => json["added_tokens"]!.AsArray().Add(JsonNode.Parse("""{"id":30522,"content":"<extra>"}"""))), StringComparison.Ordinal);
        foreach (var flag in new[] { "single_word", "lstrip", "rstrip", "normalized" })
            Assert.Contains($"'[PAD]' has {flag}", Refusal(json => json["added_tokens"]![0]![flag] = true), StringComparison.Ordinal);
        Assert.Contains("has the id 5", Refusal(json => json["model"]!["vocab"]!["whale"] = 5), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_JSON_is_named()
    {
        File.WriteAllText(_folder.File("tokenizer.json"), "{");
        Assert.Contains("tokenizer.json cannot be used", Assert.Throws<RunFailedException>(() => TokenizerJson.Read(_folder.File("tokenizer.json"))).Message, StringComparison.Ordinal);
    }

    private string Refusal(Action<JsonNode> change) => Assert.Throws<RunFailedException>(() => Read(change)).Message;

    private WordPieceTokenizer Read(Action<JsonNode> change)
    {
        Write(change);
        return TokenizerJson.Read(_folder.File("tokenizer.json"));
    }

    private void Write(Action<JsonNode> change)
    {
        var json = JsonNode.Parse("""
            {
              "version": "1.0",
              "truncation": { "direction": "Right", "max_length": 128, "strategy": "LongestFirst", "stride": 0 },
              "padding": { "strategy": "BatchLongest", "direction": "Right", "pad_id": 0, "pad_token": "[PAD]" },
              "added_tokens": [{ "id": 0, "content": "[PAD]", "special": true }, { "id": 102, "content": "[SEP]", "special": true }],
              "normalizer": { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true },
              "pre_tokenizer": { "type": "BertPreTokenizer" },
              "post_processor": {
                "type": "TemplateProcessing",
                "single": [{ "SpecialToken": { "id": "[CLS]", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } }, { "SpecialToken": { "id": "[SEP]", "type_id": 0 } }]
              },
              "model": { "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {} }
            }
            """)!;
        var vocabulary = json["model"]!["vocab"]!;
        for (var id = 0; id < model.Tokenizer.Vocabulary.Tokens.Count; id++) vocabulary[model.Tokenizer.Vocabulary.Tokens[id]] = id;
        change(json);
        File.WriteAllText(_folder.File("tokenizer.json"), json.ToJsonString());
    }
}
