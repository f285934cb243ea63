using ServeBench.Domain.Faults;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Tests.Tokenizers;

public sealed class WordPieceTokenizerTests(PreparedMiniLm model) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Encoding_allocates_nothing()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "k6", "data", "moby-dick.txt")).AsSpan(0, 2000);
        var ids = new long[256];
        var narrow = new int[256];
        for (var i = 0; i < 3; i++) Run(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(text);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run(ReadOnlySpan<char> input)
        {
            model.Tokenizer.Encode(input, ids);
            model.Tokenizer.Encode(input, narrow);
            model.Tokenizer.CountTokens(input);
        }
    }

    [Fact]
    public async Task Many_threads_may_encode_at_once()
    {
        var texts = model.Artifact.References.Select(r => r.Text).ToArray();
        var expected = texts.Select(Encode).ToArray();
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (i, _) =>
        {
            Assert.Equal(expected[i % texts.Length], Encode(texts[i % texts.Length]));
            return ValueTask.CompletedTask;
        });
    }

    [Theory]
    [InlineData(2, new[] { 101, 102 })]
    [InlineData(3, new[] { 101, 1037, 102 })]
    [InlineData(5, new[] { 101, 1037, 13156, 2003, 102 })]
    [InlineData(6, new[] { 101, 1037, 13156, 2003, 2067, 102 })]
    [InlineData(50, new[] { 101, 1037, 13156, 2003, 2067, 102 })]
    public void A_short_span_cuts_the_text_and_not_the_special_tokens(int room, int[] expected)
    {
        var ids = new int[room];
        Assert.Equal(expected, ids[..model.Tokenizer.Encode("A whale is back", ids)]);
        Assert.Equal(6, model.Tokenizer.CountTokens("A whale is back"));
    }

    [Fact]
    public void The_models_own_limit_cuts_too()
    {
        var ids = new long[1000];
        Assert.Equal(256, model.Tokenizer.Encode(string.Concat(Enumerable.Repeat("whale ", 500)), ids));
        Assert.Equal(502, model.Tokenizer.CountTokens(string.Concat(Enumerable.Repeat("whale ", 500))));
    }

    [Fact]
    public void A_span_without_room_for_the_special_tokens_is_refused() =>
        Assert.Throws<ArgumentException>(() => model.Tokenizer.Encode("a", new int[1]));

    [Fact]
    public void Lone_surrogates_are_dropped() => Assert.Equal(Encode("whale"), Encode("wh\ud83da\udc00le\ud800"));

    [Fact]
    public void A_batch_is_padded_to_its_longest_text()
    {
        var (ids, mask, sequence) = model.Tokenizer.EncodeBatch(["a whale", "whale"]);
        Assert.Equal(4, sequence);
        Assert.Equal([101, 1037, 13156, 102, 101, 13156, 102, 0], ids);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 0], mask);
    }

    [Theory]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[MASK]\n", "[SEP] is missing")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\na\n", "'a' is given twice, in lines 6 and 7")]
    public void A_file_that_is_no_vocabulary_is_refused(string content, string reason)
    {
        File.WriteAllText(_folder.File("vocab.txt"), content);
        Assert.Contains(reason, Assert.Throws<RunFailedException>(() => WordPieceTokenizer.Load(_folder.File("vocab.txt"), 10)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tiny_vocabulary_works_as_a_large_one_does()
    {
        File.WriteAllText(_folder.File("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nab\nabc\n##c\n##d\n##\n");
        var tokenizer = WordPieceTokenizer.Load(_folder.File("vocab.txt"), 20);
        var ids = new int[20];
        Assert.Equal([2, 6, 8, 1, 5, 8, 7, 3], ids[..tokenizer.Encode("abcd abx abdc", ids)]);
    }

    private int[] Encode(string text)
    {
        var ids = new int[256];
        return ids[..model.Tokenizer.Encode(text, ids)];
    }
}
