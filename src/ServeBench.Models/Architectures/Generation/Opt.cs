using ServeBench.Domain.Yaml;
using ServeBench.Models.Onnx;
using ServeBench.Models.References.Generation;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tokenizers.ByteLevel;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Architectures.Generation;

/// <summary>
/// OPT (Zhang et al. 2022), the sizes that normalise before each part (all but 350M): as GPT-2 with separate projections, max(x, 0), and
/// learned positions whose first is row 2 of the table. Inputs and outputs are those of <see cref="DecoderGraph"/>.
/// </summary>
public sealed class Opt : ITextGenerator
{
    private const string Prefix = "model.decoder.";
    private const string Table = "embed_tokens.weight";

    private static readonly DecoderParts Parts = new(
        $"{Prefix}{Table}", $"{Prefix}embed_positions.weight", 2, $"{Prefix}layers.{{0}}", "self_attn_layer_norm",
        ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"], "self_attn.out_proj", "final_layer_norm", "fc1", "fc2",
        $"{Prefix}final_layer_norm", ByInputs: false, Rectified: true);

    public string Name => "opt";

    public string Version => "1";

    public object Read(YamlMapping section, string folder) => GeneratorSettings.Read(section);

    public GeneratorSettings Generator(object settings) => Own(settings);

    /// <summary>Variants that the tensors would not show.</summary>
    public IReadOnlyList<(string Key, object Value)> Presupposed { get; } =
    [
        ("do_layer_norm_before", true), ("_remove_final_layer_norm", false), ("enable_bias", true),
        ("layer_norm_elementwise_affine", true), ("tie_word_embeddings", true),
    ];

    public IReadOnlyList<(string Key, object Value)> Configuration(object settings)
    {
        var s = Own(settings);
        return
        [
            ("model_type", "opt"), ("num_hidden_layers", s.Layers), ("hidden_size", s.Hidden), ("word_embed_proj_dim", s.Hidden),
            ("num_attention_heads", s.Heads), ("ffn_dim", s.Intermediate), ("max_position_embeddings", s.Positions),
            ("vocab_size", s.Vocabulary), ("activation_function", "relu"), ("bos_token_id", s.Tokenizer.Begin ?? s.Tokenizer.End),
            ("eos_token_id", s.Tokenizer.End),
        ];
    }

    public IReadOnlyList<TensorSpec> Tensors(object settings) => DecoderTensors.All(Own(settings), Parts);

    public void Alias(TensorDirectory checkpoint) => DecoderTensors.Alias(checkpoint, Parts, Table);

    public void CheckFiles(object settings, Func<string, string?> published) =>
        VocabularyFiles.Check(published, Own(settings).Vocabulary);

    public void Build(object settings, GraphBuilder graph) => DecoderGraph.Build(graph, Own(settings), Parts);

    DecoderReference ITextGenerator.Reference(object settings, SafetensorsFile weights) => new OptReference(Own(settings), weights);

    private GeneratorSettings Own(object settings) => ArchitectureSettings.As<GeneratorSettings>(settings, this);
}
