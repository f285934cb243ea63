using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Tests.Tokenizers;

/// <summary>Token for token against what Recording/tokens.py recorded from the reference implementation.</summary>
[Lane("slow")]
public sealed class RecordedTokenTests(PreparedMiniLm model)
{
    internal const int BlockSize = 8;

    private static readonly string Vectors = Path.Combine(Repository.Root, "tests", "ServeBench.Models.Tests", "Vectors");

    private readonly WordPieceTokenizer _tokenizer = new(model.Tokenizer.Vocabulary, 100_000);

    private readonly GeneratedTexts _texts = new(
        model.Tokenizer.Vocabulary.Tokens, File.ReadAllText(Path.Combine(Repository.Root, "k6", "data", "moby-dick.txt")));

    [Fact]
    public void Every_character_and_fifty_thousand_texts_give_the_reference_tokens()
    {
        var blocks = _texts.Texts().Chunk(BlockSize).ToArray();
        Assert.True(blocks.Length * BlockSize > 100_000);
        var ids = new int[10_000];
        CheckBlocks("tokens.crc", blocks, text => [ids[.._tokenizer.Encode(text, ids)]]);
    }

    [Fact]
    public void Pairs_and_truncated_texts_give_the_reference_tokens()
    {
        CheckBlocks("pairs.crc", [.. _texts.Pairs().Chunk(BlockSize)], pair =>
        {
            var (ids, segments) = _tokenizer.EncodePair(pair.First, pair.Second, pair.Limit);
            var single = new int[pair.Limit];
            return [ids, segments, single[.._tokenizer.Encode(pair.First, single)]];
        });
    }

    [Fact]
    public void Readable_examples_give_the_reference_tokens()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Vectors, "tokens.json")));
        var ids = new int[10_000];
        foreach (var example in json.RootElement.EnumerateArray())
        {
            var text = example.GetProperty("text").GetString()!;
            var expected = example.GetProperty("ids").EnumerateArray().Select(e => e.GetInt32());
            Assert.Equal(expected, ids[.._tokenizer.Encode(text, ids)]);
            Assert.Equal(ids[.._tokenizer.Encode(text, ids)].Length, _tokenizer.CountTokens(text));
        }
    }

    internal static void CheckBlocks<T>(string file, T[][] blocks, Func<T, int[][]> encode)
    {
        var recorded = File.ReadAllBytes(Path.Combine(Vectors, file));
        Assert.Equal(blocks.Length, recorded.Length / 4);
        var different = new List<int>();
        for (var b = 0; b < blocks.Length; b++)
        {
            // Every sequence ends with -1, so that no two lists of sequences give the same bytes.
            int[] flat = [.. blocks[b].SelectMany(encode).SelectMany(sequence => sequence.Append(-1))];
            if (Crc32.Of(MemoryMarshal.AsBytes(flat.AsSpan())) != BinaryPrimitives.ReadUInt32LittleEndian(recorded.AsSpan(b * 4))) different.Add(b);
        }
        Assert.True(different.Count == 0, $"{different.Count} of {blocks.Length} blocks differ, the first is {different.FirstOrDefault()}: {string.Join(" | ", blocks[different.FirstOrDefault()])}");
    }
}
