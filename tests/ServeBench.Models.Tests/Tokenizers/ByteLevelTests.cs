using System.Security.Cryptography;
using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.Models.Tests.Tokenizers;

/// <summary>GPT-2's byte-level BPE against the published algorithm and the published files.</summary>
[Lane("slow")]
public sealed class ByteLevelTests
{
    private static readonly ByteLevelVocabulary Vocabulary =
        VocabularyFiles.OfPackage(0, new Dictionary<string, int>(StringComparer.Ordinal) { ["<|endoftext|>"] = 50256 });

    private static readonly ByteLevelTokenizer Tokenizer = new(Vocabulary);

    private static readonly string[] Hostile =
    [
        "", " ", "  ", "\n\n \t", "it's they'll I'd WE'LL 's'", "\0\u0001\u007f", "𝒜𝒷𝒸 𝟘𝟙 🐋🐋 👩\u200d👩\u200d👧", "e\u0301\u0301\u0301", "\u00a0\u2003x\u3000",
        new string('a', 5000), new string(' ', 3000), "x\ud800", "\udc00y", "\ud800\ud800\udc00", "<|endoftext|>", "مرحبا بالعالم", "東京都に行く",
        string.Concat(Enumerable.Repeat("🐋", 700)), "\ufeffBOM\uffff\ufffe",
    ];

    [Fact]
    public void The_packages_vocabulary_is_the_published_one()
    {
        // As published with the model: encoder.json, which the transformers library calls vocab.json, and vocab.bpe.
        Assert.Equal("196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783", Sha256(o => VocabularyFiles.WriteTokens(o, Vocabulary)));
        Assert.Equal("1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5", Sha256(o => VocabularyFiles.WriteMerges(o, Vocabulary)));
    }

    [Fact]
    public void Every_character_and_fifty_thousand_texts_give_the_reference_tokens()
    {
        var texts = new GeneratedTexts(Vocabulary.ById(50257)!, File.ReadAllText(Path.Combine(Repository.Root, "k6", "data", "moby-dick.txt")));
        string[][] blocks = [.. texts.Texts().Chunk(RecordedTokenTests.BlockSize)];
        Assert.True(blocks.Length * RecordedTokenTests.BlockSize > 100_000);
        RecordedTokenTests.CheckBlocks("byte-tokens.crc", blocks, text => [Tokenizer.Encode(text)]);
    }

    [Fact]
    public void Tokens_of_any_text_are_the_text_again_at_once_and_as_a_stream()
    {
        foreach (var text in Hostile)
        {
            var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            var ids = Tokenizer.Encode(text);
            Assert.Equal(whole, Tokenizer.Decode(ids));
            var stream = new TokenText(Tokenizer);
            var parts = ids.Select(stream.Add).Append(stream.Finish()).ToArray();
            Assert.Equal(whole, string.Concat(parts));
            // Nothing is sent before it is known to be right: no part ends within a character.
            Assert.All(parts, p => Assert.False(p.Length > 0 && char.IsHighSurrogate(p[^1])));
        }
    }

    [Fact]
    public void A_character_waits_for_its_last_token()
    {
        var ids = Tokenizer.Encode("🐋");
        Assert.True(ids.Length > 1);
        var stream = new TokenText(Tokenizer);
        Assert.All(ids[..^1], id => Assert.Equal("", stream.Add(id)));
        Assert.Equal("🐋", stream.Add(ids[^1]));
        Assert.Equal("", stream.Finish());
    }

    [Fact]
    public void What_is_cut_off_ends_in_a_replacement_and_special_tokens_are_silent()
    {
        var stream = new TokenText(Tokenizer);
        Assert.Equal("", stream.Add(Tokenizer.Encode("🐋")[0]));
        Assert.Equal("\ufffd", stream.Finish());
        Assert.Equal("ab", Tokenizer.Decode([.. Tokenizer.Encode("a"), 50256, .. Tokenizer.Encode("b")]));
    }

    [Fact]
    public void Files_are_read_back_under_other_ids_and_refused_where_they_disagree()
    {
        using var folder = new TemporaryFolder();
        var shifted = VocabularyFiles.OfPackage(4, new Dictionary<string, int>(StringComparer.Ordinal) { ["</s>"] = 2 });
        using (var output = File.Create(folder.File(VocabularyFiles.Tokens))) VocabularyFiles.WriteTokens(output, shifted);
        using (var output = File.Create(folder.File(VocabularyFiles.Merges))) VocabularyFiles.WriteMerges(output, shifted);
        var read = ByteLevelTokenizer.Load(folder.Path);
        Assert.Equal(Tokenizer.Encode(Hostile[4]).Select(id => id + 4), read.Encode(Hostile[4]));
        VocabularyFiles.Check(folder.File, rows: 50260);
        Assert.Contains("50259", Assert.Throws<RunFailedException>(() => VocabularyFiles.Check(folder.File, rows: 50259)).Message, StringComparison.Ordinal);

        File.AppendAllText(folder.File(VocabularyFiles.Merges), "zz qqqq\n");
        Assert.Throws<RunFailedException>(() => ByteLevelTokenizer.Load(folder.Path));
        Assert.Throws<RunFailedException>(() => VocabularyFiles.Check(_ => null, rows: 50260));
    }

    private static string Sha256(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()));
    }
}
