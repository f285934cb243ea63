using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Gguf;
using ServeBench.Models.Onnx;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.Models.Store;

/// <summary>
/// GPT-2's weights and vocabulary as engines of llama.cpp's family read them: names of tensors and keys are those of its converter
/// (conversion of GPT2LMHeadModel), matrices are turned to [outputs, inputs], and the table of tokens serves for the logits, too.
/// </summary>
/// <param name="title">The model's name, for people.</param>
/// <param name="s">Its sizes.</param>
/// <param name="weights">The checkpoint, under the names of the card's architecture.</param>
/// <param name="vocabulary">Its tokens.</param>
internal sealed class Gpt2Gguf(string title, GeneratorSettings s, SafetensorsFile weights, ByteLevelVocabulary vocabulary)
{
    private const string Architecture = "gpt2";

    /// <summary>Kinds of tokens: ordinary ones, those that steer, and ids that nothing uses.</summary>
    private const int Normal = 1, Control = 3, Unused = 5;

    /// <param name="matrices">How matrices are stored; vectors and positions stay in single precision.</param>
    public void Write(Stream output, GgufType matrices) => GgufWriter.Write(output, Metadata(matrices), [.. Tensors(matrices)]);

    private List<(string Key, object Value)> Metadata(GgufType matrices)
    {
        var names = vocabulary.ById(s.Vocabulary);
        int[] kinds = [.. names.Select(n => n is null ? Unused : vocabulary.Special.ContainsKey(n) ? Control : Normal)];
        var fileType = matrices switch { GgufType.F32 => 0u, GgufType.F16 => 1u, _ => 7u };
        return
        [
            ("general.architecture", Architecture), ("general.name", title), ("general.file_type", fileType),
            ("general.quantization_version", 2u), ($"{Architecture}.block_count", (uint)s.Layers),
            ($"{Architecture}.context_length", (uint)s.Positions), ($"{Architecture}.embedding_length", (uint)s.Hidden),
            ($"{Architecture}.feed_forward_length", (uint)s.Intermediate), ($"{Architecture}.attention.head_count", (uint)s.Heads),
            ($"{Architecture}.attention.layer_norm_epsilon", (float)s.LayerNormEpsilon),
            ("tokenizer.ggml.model", "gpt2"), ("tokenizer.ggml.pre", "gpt-2"),
            ("tokenizer.ggml.tokens", names.Select((n, id) => n ?? $"[UNUSED{id}]").ToArray()), ("tokenizer.ggml.token_type", kinds),
            ("tokenizer.ggml.merges", vocabulary.Merges().ToArray()),
            ("tokenizer.ggml.bos_token_id", (uint)(s.Tokenizer.Begin ?? s.Tokenizer.End)),
            ("tokenizer.ggml.eos_token_id", (uint)s.Tokenizer.End), ("tokenizer.ggml.add_bos_token", s.Tokenizer.Begin is not null),
        ];
    }

    private IEnumerable<GgufTensor> Tensors(GgufType matrices)
    {
        yield return new GgufTensor("token_embd.weight", OfRows(s.Hidden, matrices), [s.Vocabulary, s.Hidden], () => Values("wte.weight"));
        yield return new GgufTensor("position_embd.weight", GgufType.F32, [s.Positions, s.Hidden], () => Values("wpe.weight"));
        for (var layer = 0; layer < s.Layers; layer++)
        {
            var (from, into) = ($"h.{layer}", $"blk.{layer}");
            foreach (var part in Norm($"{from}.ln_1", $"{into}.attn_norm")) yield return part;
            foreach (var part in Linear($"{from}.attn.c_attn", $"{into}.attn_qkv", s.Hidden, 3 * s.Hidden, matrices)) yield return part;
            foreach (var part in Linear($"{from}.attn.c_proj", $"{into}.attn_output", s.Hidden, s.Hidden, matrices)) yield return part;
            foreach (var part in Norm($"{from}.ln_2", $"{into}.ffn_norm")) yield return part;
            foreach (var part in Linear($"{from}.mlp.c_fc", $"{into}.ffn_up", s.Hidden, s.Intermediate, matrices)) yield return part;
            foreach (var part in Linear($"{from}.mlp.c_proj", $"{into}.ffn_down", s.Intermediate, s.Hidden, matrices)) yield return part;
        }
        foreach (var part in Norm("ln_f", "output_norm")) yield return part;
    }

    private IEnumerable<GgufTensor> Linear(string from, string into, int inputs, int outputs, GgufType matrices)
    {
        yield return new GgufTensor($"{into}.weight", OfRows(inputs, matrices), [outputs, inputs], () =>
        {
            var turned = new float[checked(inputs * outputs)];
            Matrix.Transpose<float>(Values($"{from}.weight"), inputs, outputs, turned);
            return turned;
        });
        yield return new GgufTensor($"{into}.bias", GgufType.F32, [outputs], () => Values($"{from}.bias"));
    }

    private IEnumerable<GgufTensor> Norm(string from, string into)
    {
        yield return new GgufTensor($"{into}.weight", GgufType.F32, [s.Hidden], () => Values($"{from}.weight"));
        yield return new GgufTensor($"{into}.bias", GgufType.F32, [s.Hidden], () => Values($"{from}.bias"));
    }

    /// <summary>Rows whose length is no multiple of a block's cannot be quantised.</summary>
    private static GgufType OfRows(int length, GgufType matrices) =>
        matrices == GgufType.Q8_0 && length % GgufTypes.BlockElements != 0 ? GgufType.F32 : matrices;

    private float[] Values(string name)
    {
        var entry = weights.Find(name) ?? throw new KeyNotFoundException($"{weights.Path} has no tensor '{name}'");
        var values = new float[entry.Elements];
        weights.CopySingles(entry, values);
        return values;
    }
}
