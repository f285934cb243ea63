using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Gguf;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.Models.Tests.Generation;

/// <summary>What engines of llama.cpp's family are given.</summary>
public sealed class GgufTests
{
    private static readonly ByteLevelVocabulary Vocabulary = new(
        [.. Enumerable.Range(0, 208).Select(i => new[] { (byte)i }), [1, 2]],
        [.. Enumerable.Range(0, 209)],
        new Dictionary<string, int>(StringComparer.Ordinal) { ["<|endoftext|>"] = 210 });

    [Fact]
    public void Weights_sizes_and_vocabulary_are_the_models()
    {
        using var model = new TinyDecoder(new Gpt2());
        var file = Written(model, GgufType.F32);
        Assert.Equal("gpt2", file.Metadata["general.architecture"]);
        Assert.Equal((2u, 64u, 96u, 80u, 3u), ((uint)file.Metadata["gpt2.block_count"], (uint)file.Metadata["gpt2.context_length"], (uint)file.Metadata["gpt2.embedding_length"], (uint)file.Metadata["gpt2.feed_forward_length"], (uint)file.Metadata["gpt2.attention.head_count"]));
        Assert.Equal(1e-5f, file.Metadata["gpt2.attention.layer_norm_epsilon"]);
        Assert.Equal(("gpt2", "gpt-2", 210u), ((string)file.Metadata["tokenizer.ggml.model"], (string)file.Metadata["tokenizer.ggml.pre"], (uint)file.Metadata["tokenizer.ggml.eos_token_id"]));
        var tokens = (object[])file.Metadata["tokenizer.ggml.tokens"];
        Assert.Equal(211, tokens.Length);
        Assert.Equal(("\u0100", "[UNUSED209]", "<|endoftext|>"), ((string)tokens[0], (string)tokens[209], (string)tokens[210]));
        Assert.Equal([1, 5, 3], ((object[])file.Metadata["tokenizer.ggml.token_type"])[208..].Cast<int>());
        Assert.Equal(["\u0101 \u0102"], ((object[])file.Metadata["tokenizer.ggml.merges"]).Cast<string>());

        // GPT-2's matrices are [inputs, outputs]; an engine reads [outputs, inputs], whose innermost dimension comes first.
        Assert.Equal([96ul, 288ul], file.Tensors["blk.1.attn_qkv.weight"].Dimensions);
        var (stored, given) = (Stored(model, "h.1.attn.c_attn.weight"), file.Values("blk.1.attn_qkv.weight"));
        for (var input = 0; input < 96; input++)
        {
            for (var output = 0; output < 288; output++) Assert.Equal(stored[(input * 288) + output], given[(output * 96) + input]);
        }
        Assert.Equal(Stored(model, "wte.weight"), file.Values("token_embd.weight"));
        Assert.Equal(Stored(model, "wpe.weight"), file.Values("position_embd.weight"));
        Assert.Equal(Stored(model, "ln_f.bias"), file.Values("output_norm.bias"));
        Assert.Equal(4 + (2 * 12), file.Tensors.Count);
    }

    [Theory]
    [InlineData(GgufType.F16, 1u, 5e-4)]
    [InlineData(GgufType.Q8_0, 8u, 6e-3)]
    public void Lesser_types_are_near_where_they_can_be_used(GgufType type, uint number, double most)
    {
        using var model = new TinyDecoder(new Gpt2());
        var (exact, file) = (Written(model, GgufType.F32), Written(model, type));
        Assert.Equal(0u, file.Tensors["position_embd.weight"].Type);
        Assert.Equal(0u, file.Tensors["blk.0.attn_norm.weight"].Type);
        // Rows of 80 are no multiple of a block's 32 elements, rows of 96 are.
        Assert.Equal(type == GgufType.Q8_0 ? 0u : number, file.Tensors["blk.0.ffn_down.weight"].Type);
        Assert.Equal(number, file.Tensors["blk.0.ffn_up.weight"].Type);
        foreach (var name in exact.Tensors.Keys)
        {
            var (whole, lesser) = (exact.Values(name), file.Values(name));
            var largest = whole.Max(MathF.Abs);
            for (var i = 0; i < whole.Length; i++) Assert.InRange(Math.Abs(whole[i] - lesser[i]), 0, most * largest);
        }
    }

    [Fact]
    public void Blocks_are_quantised_as_the_format_says()
    {
        var values = new float[64];
        for (var i = 0; i < 32; i++) values[i] = (i - 16) / 16f;
        var bytes = GgufWriter.Quantised(values);
        Assert.Equal(68, bytes.Length);
        Assert.Equal((Half)(1 / 127f), BitConverter.ToHalf(bytes, 0));
        Assert.Equal((-127, 0, 119), ((sbyte)bytes[2], (sbyte)bytes[18], (sbyte)bytes[33]));
        Assert.All(bytes[34..], b => Assert.Equal(0, b));
    }

    private static GgufFile Written(TinyDecoder model, GgufType type)
    {
        using var stream = new MemoryStream();
        new Gpt2Gguf("tiny", TinyDecoder.Settings, model.Weights, Vocabulary).Write(stream, type);
        return new GgufFile(stream.ToArray());
    }

    private static float[] Stored(TinyDecoder model, string name)
    {
        var entry = model.Weights.Find(name)!;
        return model.Weights.Elements<float>(entry).ToArray();
    }
}
