using ServeBench.Domain.Yaml;
using ServeBench.Models.Onnx;
using ServeBench.Models.References.Generation;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tokenizers.ByteLevel;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Architectures.Generation;

/// <summary>
/// GPT-2 (Radford et al. 2019): pre-norm layers, learned positions, GELU by tanh, query, key and value from one matrix, logits from the
/// table of tokens. Matrices are [inputs, outputs] in its checkpoints. Inputs and outputs are those of <see cref="DecoderGraph"/>.
/// </summary>
public sealed class Gpt2 : ITextGenerator
{
    private const string Table = "wte.weight";

    private static readonly DecoderParts Parts = new(
        Table, "wpe.weight", 0, "h.{0}", "ln_1", ["attn.c_attn"], "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj", "ln_f",
        ByInputs: true, Rectified: false);

    public string Name => "gpt2";

    public string Version => "1";

    public bool HasGguf => true;

    public object Read(YamlMapping section, string folder) => GeneratorSettings.Read(section);

    public GeneratorSettings Generator(object settings) => Own(settings);

    /// <summary>Variants that the tensors would not show.</summary>
    public IReadOnlyList<(string Key, object Value)> Presupposed { get; } =
    [
        ("scale_attn_weights", true), ("scale_attn_by_inverse_layer_idx", false), ("add_cross_attention", false),
        ("tie_word_embeddings", true),
    ];

    public IReadOnlyList<(string Key, object Value)> Configuration(object settings)
    {
        var s = Own(settings);
        return
        [
            ("model_type", "gpt2"), ("n_layer", s.Layers), ("n_embd", s.Hidden), ("n_head", s.Heads),
            .. s.Intermediate == 4 * s.Hidden ? (IReadOnlyList<(string, object)>)[] : [("n_inner", s.Intermediate)],
            ("n_positions", s.Positions), ("n_ctx", s.Positions), ("vocab_size", s.Vocabulary), ("activation_function", "gelu_new"),
            ("layer_norm_epsilon", s.LayerNormEpsilon), ("bos_token_id", s.Tokenizer.End), ("eos_token_id", s.Tokenizer.End),
        ];
    }

    /// <summary>The causal masks <c>h.N.attn.bias</c>, which published checkpoints hold, are no weights and are not drawn.</summary>
    public IReadOnlyList<TensorSpec> Tensors(object settings) => DecoderTensors.All(Own(settings), Parts);

    public void Alias(TensorDirectory checkpoint) => DecoderTensors.Alias(checkpoint, Parts, Table);

    public void CheckFiles(object settings, Func<string, string?> published) =>
        VocabularyFiles.Check(published, Own(settings).Vocabulary);

    public void Build(object settings, GraphBuilder graph) => DecoderGraph.Build(graph, Own(settings), Parts);

    DecoderReference ITextGenerator.Reference(object settings, SafetensorsFile weights) => new Gpt2Reference(Own(settings), weights);

    private GeneratorSettings Own(object settings) => ArchitectureSettings.As<GeneratorSettings>(settings, this);
}
