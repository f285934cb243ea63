using ServeBench.Domain.Yaml;
using ServeBench.Models.Onnx;
using ServeBench.Models.References;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tokenizers;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Architectures;

/// <summary>
/// BERT as an encoder of sentences (Devlin et al. 2018; Reimers and Gurevych 2019): post-norm transformer layers, then the mean
/// over the tokens or the first token's vector. Inputs <c>input_ids</c> and <c>attention_mask</c>, int64 [batch, sequence];
/// output <c>embedding</c>, float
/// [batch, hidden]. Sentences are single, so the segment is always the first and is no input.
/// </summary>
public sealed class BertEncoder : ITextEncoder
{
    public string Name => "bert-encoder";

    public string Version => "1";

    public object Read(YamlMapping section, string folder) => BertEncoderSettings.Read(section);

    public TokenizerSettings Tokenizer(object settings) => Own(settings).Tokenizer;

    public string Pooling(object settings) => Own(settings).Pooling;

    public int Dimensions(object settings) => Own(settings).Hidden;

    public IReadOnlyList<double[]> Reference(object settings, SafetensorsFile weights, IReadOnlyList<int[]> sequences) =>
        new BertReference(Own(settings), weights).Embed(sequences);

    /// <summary>Positions that do not count from token to token, and no decoder, whose tokens see only those before them.</summary>
    public IReadOnlyList<(string Key, object Value)> Presupposed { get; } =
        [("position_embedding_type", "absolute"), ("is_decoder", false), ("is_encoder_decoder", false), ("add_cross_attention", false)];

    public IReadOnlyList<(string Key, object Value)> Configuration(object settings)
    {
        var s = Own(settings);
        if (s.IsDistilled)
        {
            return
            [
                ("model_type", "distilbert"),
                ("n_layers", s.Layers),
                ("dim", s.Hidden),
                ("n_heads", s.Heads),
                ("hidden_dim", s.Intermediate),
                ("vocab_size", s.Vocabulary), ("max_position_embeddings", s.Positions), ("activation", "gelu"),
            ];
        }
        return
        [
            ("model_type", "bert"), ("num_hidden_layers", s.Layers), ("hidden_size", s.Hidden), ("num_attention_heads", s.Heads),
            ("intermediate_size", s.Intermediate), ("vocab_size", s.Vocabulary), ("max_position_embeddings", s.Positions),
            ("type_vocab_size", s.Segments), ("hidden_act", "gelu"), ("layer_norm_eps", s.LayerNormEpsilon),
        ];
    }

    public IReadOnlyList<TensorSpec> Tensors(object settings)
    {
        var s = Own(settings);
        var tensors = new List<TensorSpec>();
        void Add(string name, Initialisation seeded, params long[] shape) =>
            tensors.Add(new TensorSpec(name, TensorType.F32, shape, seeded));
        void Linear(string name, int inputs, int outputs)
        {
            Add($"{name}.weight", Initialisation.Linear(inputs), outputs, inputs);
            Add($"{name}.bias", Initialisation.Around0(20), outputs);
        }
        void Norm(string name)
        {
            Add($"{name}.weight", Initialisation.Around1(50), s.Hidden);
            Add($"{name}.bias", Initialisation.Around0(20), s.Hidden);
        }

        if (s.StoresPositionIds)
            tensors.Add(
                new TensorSpec("embeddings.position_ids", TensorType.I64, [1, s.Positions], new Initialisation.Counting(), Used: false));
        // Words weigh more than positions and segments, which all sentences share: else all embeddings would look alike.
        Add("embeddings.word_embeddings.weight", Initialisation.Around0(1000), s.Vocabulary, s.Hidden);
        Add("embeddings.position_embeddings.weight", Initialisation.Around0(200), s.Positions, s.Hidden);
        if (!s.IsDistilled) Add("embeddings.token_type_embeddings.weight", Initialisation.Around0(50), s.Segments, s.Hidden);
        Norm("embeddings.LayerNorm");
        for (var layer = 0; layer < s.Layers; layer++)
        {
            var prefix = $"encoder.layer.{layer}";
            Linear($"{prefix}.attention.self.query", s.Hidden, s.Hidden);
            Linear($"{prefix}.attention.self.key", s.Hidden, s.Hidden);
            Linear($"{prefix}.attention.self.value", s.Hidden, s.Hidden);
            Linear($"{prefix}.attention.output.dense", s.Hidden, s.Hidden);
            Norm($"{prefix}.attention.output.LayerNorm");
            Linear($"{prefix}.intermediate.dense", s.Hidden, s.Intermediate);
            Linear($"{prefix}.output.dense", s.Intermediate, s.Hidden);
            Norm($"{prefix}.output.LayerNorm");
        }
        if (s.IsDistilled) return [.. tensors.Select(t => t with { Name = BertNames.Distilled(t.Name) })];
        // The pooler of the pretraining task is in the checkpoint and plays no part in the mean over the tokens.
        tensors.Add(
            new TensorSpec("pooler.dense.weight", TensorType.F32, [s.Hidden, s.Hidden], Initialisation.Linear(s.Hidden), Used: false));
        tensors.Add(new TensorSpec("pooler.dense.bias", TensorType.F32, [s.Hidden], Initialisation.Around0(20), Used: false));
        return tensors;
    }

    public void Alias(TensorDirectory checkpoint) => BertNames.Alias(checkpoint);

    public void CheckFiles(object settings, Func<string, string?> published)
    {
        var own = Own(settings);
        TokenizerCheck.Read(published, own.Vocabulary);
        SentenceTransformersCheck.Files(own.Pooling, own.Normalise, published);
    }

    public void Build(object settings, GraphBuilder graph)
    {
        var s = Own(settings);
        var ids = graph.Input("input_ids", ElementType.Int64, "batch", "sequence");
        var mask = graph.Input("attention_mask", ElementType.Int64, "batch", "sequence");
        var counted = graph.Cast("mask", mask, ElementType.Float);
        var maskBias = MaskBias(graph, counted);

        var hidden = Embeddings(graph, s, ids);
        for (var layer = 0; layer < s.Layers; layer++) hidden = Layer(graph, s, $"encoder.layer.{layer}", hidden, maskBias);

        var embedding = s.Pooling == BertEncoderSettings.FirstTokenPooling
            ? EncoderLayers.FirstToken(graph, "pooling", hidden)
            : EncoderLayers.MeanPool(graph, "pooling", hidden, counted);
        if (s.Normalise) embedding = EncoderLayers.Normalise(graph, "normalise", embedding);
        graph.Output("embedding", embedding);
    }

    private static Value Embeddings(GraphBuilder graph, BertEncoderSettings s, Value ids)
    {
        var words = graph.Precision.Rows(graph, "embeddings.words", "embeddings.word_embeddings.weight", ids);
        // The first segment's row is a constant, so ONNX Runtime folds this sum of two tables when it loads the model.
        Value? segment = s.IsDistilled
            ? null
            : graph.GatherRows("embeddings.segment", graph.Weight("embeddings.token_type_embeddings.weight"), graph.Integer(0));
        var table = graph.Weight("embeddings.position_embeddings.weight");
        if (segment is not null) table = graph.Add("embeddings.table", table, segment);
        var positions = graph.FirstRows("embeddings.positions", table, graph.SizeOf("embeddings.length", ids, 1), "sequence");
        return EncoderLayers.LayerNorm(graph, "embeddings.LayerNorm", graph.Add("embeddings.sum", words, positions), s.LayerNormEpsilon);
    }

    private static Value Layer(GraphBuilder graph, BertEncoderSettings s, string name, Value x, Value maskBias)
    {
        var attention = EncoderLayers.SelfAttention(graph, $"{name}.attention.self", x, maskBias, s.Heads);
        var mixed = EncoderLayers.Linear(graph, $"{name}.attention.output.dense", attention);
        var attended = EncoderLayers.LayerNorm(
            graph, $"{name}.attention.output.LayerNorm", graph.Add($"{name}.attention.residual", mixed, x), s.LayerNormEpsilon);
        var inner = graph.Gelu($"{name}.intermediate.gelu", EncoderLayers.Linear(graph, $"{name}.intermediate.dense", attended));
        var outer = EncoderLayers.Linear(graph, $"{name}.output.dense", inner);
        return EncoderLayers.LayerNorm(
            graph, $"{name}.output.LayerNorm", graph.Add($"{name}.residual", outer, attended), s.LayerNormEpsilon);
    }

    /// <summary>0 where a token counts and the lowest single where it is padding, as [batch, 1, 1, sequence].</summary>
    private static Value MaskBias(GraphBuilder graph, Value counted)
    {
        var padding = graph.Subtract("mask.padding", graph.Number(1), graph.Unsqueeze("mask.wide", counted, 1, 2));
        return graph.Multiply("mask.bias", padding, graph.Number(float.MinValue));
    }

    private BertEncoderSettings Own(object settings) => ArchitectureSettings.As<BertEncoderSettings>(settings, this);
}
