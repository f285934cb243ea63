using System.Text;
using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

/// <summary>Tokenizers of BERT's family as people publish them: each gives the right tokens, or is refused before the weights are fetched.</summary>
public sealed class PublishedTokenizerTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_vocabulary_that_went_through_Windows_is_the_same_and_reaches_every_stack_plain(bool carriageReturns, bool mark)
    {
        await using var hub = new TinyHub();
        var plain = hub.Files["vocab.txt"];
        var text = Encoding.UTF8.GetString(plain);
        hub.Files["vocab.txt"] = [.. mark ? Encoding.UTF8.GetPreamble() : [], .. Encoding.UTF8.GetBytes(carriageReturns ? text.Replace("\n", "\r\n") : text)];
        var artifact = await hub.PrepareAsync();
        Assert.Equal(plain, await File.ReadAllBytesAsync(Path.Combine(artifact.Folder, "vocab.txt"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"do_lower_case":true,"strip_accents":null,"tokenize_chinese_chars":true,"tokenizer_class":"BertTokenizer","model_max_length":512}""")]
    [InlineData("""{"tokenizer_class":"DistilBertTokenizerFast","do_basic_tokenize":true,"never_split":null}""")]
    [InlineData("{}")]
    public async Task A_configuration_of_an_uncased_tokenizer_is_taken(string json)
    {
        await using var hub = new TinyHub();
        hub.Files["tokenizer_config.json"] = Encoding.UTF8.GetBytes(json);
        Assert.Equal(WeightsSource.Pretrained, (await hub.PrepareAsync()).Weights);
    }

    [Theory]
    // bert-base-cased and bert-base-multilingual-cased, uncased ones that keep accents, Japanese, and other families.
    [InlineData("""{"do_lower_case":false,"model_max_length":512}""", "do_lower_case is false, and cased vocabularies are not supported")]
    [InlineData("""{"do_lower_case":true,"strip_accents":false}""", "strip_accents is false, and accents are always stripped")]
    [InlineData("""{"tokenize_chinese_chars":false}""", "tokenize_chinese_chars is false")]
    [InlineData("""{"tokenizer_class":"BertJapaneseTokenizer","do_lower_case":false}""", "tokenizer_class is BertJapaneseTokenizer")]
    [InlineData("""{"tokenizer_class":"MPNetTokenizer"}""", "tokenizer_class is MPNetTokenizer")]
    [InlineData("[]", "is not a tokenizer's configuration")]
    public async Task Others_are_refused_before_the_weights_are_fetched(string json, string reason)
    {
        await using var hub = new TinyHub();
        hub.Files["tokenizer_config.json"] = Encoding.UTF8.GetBytes(json);
        var error = await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Requests, r => r.Path.EndsWith(TinyHub.Weights, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nwhale\nwhale\n", "stands in lines 6 and 7")]
    [InlineData(true, "<s>\n<pad>\n</s>\n<unk>\nwhale\n", "it has <s>, so it is one of RoBERTa or SentencePiece")]
    [InlineData(true, "[PAD]\n[UNK]\r\n[CLS]\n[SEP]\n[MASK]\n", "line 2 has a carriage return in it")]
    [InlineData(false, "", "lists neither vocab.txt nor tokenizer.json")]
    public async Task A_vocabulary_that_is_none_is_refused_before_the_weights_are_fetched(bool isListed, string vocabulary, string reason)
    {
        await using var hub = new TinyHub();
        if (isListed) hub.Files["vocab.txt"] = Encoding.UTF8.GetBytes(vocabulary);
        else hub.Files.Remove("vocab.txt");
        Assert.Contains(reason, (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync())).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Requests, r => r.Path.EndsWith(TinyHub.Weights, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vocabulary_larger_than_the_table_of_words_is_refused()
    {
        // bert-base-multilingual's, for a model of the English one.
        await using var hub = new TinyHub();
        hub.Files["vocab.txt"] = [.. hub.Files["vocab.txt"], .. "zzwhalezz\n"u8];
        Assert.Contains("it has 30523 tokens, and the model a table of 30522", (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_only_tokenizer_json_is_published_its_vocabulary_is_used()
    {
        await using var hub = new TinyHub();
        var plain = hub.Files["vocab.txt"];
        hub.Files.Remove("vocab.txt");
        hub.Files["tokenizer.json"] = TokenizerOf(plain, lowercase: true);
        var artifact = await hub.PrepareAsync();
        Assert.Equal(plain, await File.ReadAllBytesAsync(Path.Combine(artifact.Folder, "vocab.txt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_tokenizer_json_of_a_cased_model_or_of_another_vocabulary_is_refused()
    {
        await using var hub = new TinyHub();
        var plain = hub.Files["vocab.txt"];
        hub.Files["tokenizer.json"] = TokenizerOf(plain, lowercase: false);
        Assert.Contains("normalizer.lowercase is 'False'", (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync())).Message, StringComparison.Ordinal);
        await using var other = new TinyHub();
        other.Files["tokenizer.json"] = TokenizerOf(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(plain).Replace("\nwhale\n", "\nwhalewhale\n")), lowercase: true);
        Assert.Contains("its vocabulary is not that of vocab.txt", (await Assert.ThrowsAsync<RunFailedException>(() => other.PrepareAsync())).Message, StringComparison.Ordinal);
    }

    private static byte[] TokenizerOf(byte[] vocabulary, bool lowercase) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        added_tokens = Array.Empty<object>(),
        normalizer = new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, strip_accents = (bool?)null, lowercase },
        pre_tokenizer = new { type = "BertPreTokenizer" },
        post_processor = new { type = "BertProcessing", sep = new object[] { "[SEP]", 102 }, cls = new object[] { "[CLS]", 101 } },
        model = new
        {
            type = "WordPiece", unk_token = "[UNK]", continuing_subword_prefix = "##", max_input_chars_per_word = 100,
            vocab = Encoding.UTF8.GetString(vocabulary).Split('\n')[..^1].Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id),
        },
    });
}
