using System.Text;
using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Models.Architectures;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

/// <summary>Tokenizers of BERT's family as people publish them: each gives the right tokens, or is refused before the weights are fetched.</summary>
[Lane("slow")]
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
    [InlineData("""{"cls_token":"[CLS]","pad_token":{"content":"[PAD]"},"never_split":[],"added_tokens_decoder":{"0":{"content":"[PAD]"},"101":{"content":"[CLS]"} } }""")]
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
    [InlineData("""{"cls_token":"<s>"}""", "cls_token is '<s>', where '[CLS]' is known")]
    [InlineData("""{"sep_token":{"content":"</s>","lstrip":false}}""", "sep_token is '</s>', where '[SEP]' is known")]
    [InlineData("""{"never_split":["C#"]}""", "never_split keeps words whole")]
    [InlineData("""{"added_tokens_decoder":{"0":{"content":"[PAD]"},"30522":{"content":"<ent>","special":true} } }""", "added_tokens_decoder adds '<ent>'")]
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
    [InlineData(true, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nwhale\nwhale\n", "is given twice, in lines 6 and 7")]
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

    [Theory]
    [InlineData("special_tokens_map.json", """{"unk_token":"<unk>","cls_token":"[CLS]"}""", "unk_token is '<unk>'")]
    [InlineData("added_tokens.json", """{"[MASK]":103,"[ENT]":30522}""", "adds '[ENT]' to the vocabulary")]
    [InlineData("added_tokens.json", "[1]", "is no list of added tokens")]
    [InlineData("modules.json", """[{"type":"sentence_transformers.models.Transformer"},{"type":"sentence_transformers.models.Pooling"},{"type":"sentence_transformers.models.Dense"}]""", "has a module Dense")]
    [InlineData("modules.json", "{}", "is not what Sentence Transformers writes")]
    public async Task Files_beside_it_that_ask_for_more_are_refused_before_the_weights_are_fetched(string name, string json, string reason)
    {
        await using var hub = new TinyHub();
        hub.Files[name] = Encoding.UTF8.GetBytes(json);
        Assert.Contains(reason, (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync())).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Requests, r => r.Path.EndsWith(TinyHub.Weights, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_beside_it_that_say_what_the_card_says_are_taken()
    {
        await using var hub = new TinyHub();
        hub.Files["special_tokens_map.json"] = """{"unk_token":"[UNK]","cls_token":{"content":"[CLS]"},"sep_token":"[SEP]"}"""u8.ToArray();
        hub.Files["added_tokens.json"] = """{"[MASK]":103}"""u8.ToArray();
        hub.Files["modules.json"] = """[{"type":"sentence_transformers.models.Transformer"},{"type":"sentence_transformers.models.Pooling"}]"""u8.ToArray();
        Assert.Equal(WeightsSource.Pretrained, (await hub.PrepareAsync()).Weights);
    }

    [Theory]
    [InlineData("""{"word_embedding_dimension":12,"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":true}""", "mean", null)]
    [InlineData("""{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}""", "cls", null)]
    [InlineData("""{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}""", "mean", "it pools by cls_token, and the card says mean")]
    [InlineData("""{"pooling_mode_mean_tokens":true,"pooling_mode_max_tokens":true}""", "mean", "it pools by mean_tokens and max_tokens")]
    [InlineData("""{"pooling_mode_weightedmean_tokens":true}""", "mean", "it pools by weightedmean_tokens")]
    public void Another_pooling_than_the_cards_is_refused(string json, string pooling, string? reason)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(path, json);
        var failure = Record.Exception(() => SentenceTransformersCheck.Files(pooling, normalises: true, f => f == "1_Pooling/config.json" ? path : null));
        if (reason is null) Assert.Null(failure);
        else Assert.Contains(reason, Assert.IsType<RunFailedException>(failure).Message, StringComparison.Ordinal);
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
