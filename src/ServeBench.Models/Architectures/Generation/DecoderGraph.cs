using ServeBench.Models.Onnx;

namespace ServeBench.Models.Architectures.Generation;

/// <summary>
/// The graph of a pre-norm decoder with a key-value cache that the caller owns (docs/decisions/0142). One call computes some tokens of
/// each row of a batch and adds their keys and values to the row's cache.
/// </summary>
/// <remarks>
/// Inputs: <c>input_ids</c> and <c>position_ids</c>, int64 [batch, sequence]; <c>last_positions</c>, int32 [batch], the position of each
/// row's last token; <c>total_length</c>, int32 [], the largest number of tokens that any row has after the call; <c>logits_at</c>, int64
/// [asked], which of the batch x sequence tokens are asked for their logits; <c>past.N.key</c> and <c>past.N.value</c>, float [batch,
/// heads, capacity, head size]. Outputs: <c>logits</c>, float [asked, vocabulary]; <c>present.N.key</c> and <c>present.N.value</c>, which
/// may and should be the same memory as the past.
/// </remarks>
internal static class DecoderGraph
{
    public const string Ids = "input_ids";
    public const string PositionIds = "position_ids";
    public const string LastPositions = "last_positions";
    public const string TotalLength = "total_length";
    public const string LogitsAt = "logits_at";
    public const string Logits = "logits";

    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    private const string RuntimeDomain = "com.microsoft";

    public static string Past(int layer, string part) => $"past.{layer}.{part}";

    public static string Present(int layer, string part) => $"present.{layer}.{part}";

    public static void Build(GraphBuilder graph, GeneratorSettings s, DecoderParts parts)
    {
        var ids = graph.Input(Ids, ElementType.Int64, "batch", "sequence");
        var positions = graph.Input(PositionIds, ElementType.Int64, "batch", "sequence");
        var last = graph.Input(LastPositions, ElementType.Int32, "batch");
        var total = graph.Input(TotalLength, ElementType.Int32);
        var asked = graph.Input(LogitsAt, ElementType.Int64, "asked");

        var x = Sum(graph, s, parts, ids, positions);
        for (var layer = 0; layer < s.Layers; layer++) x = Layer(graph, s, parts, layer, x, last, total);

        // Only what is asked for goes through the largest matrix of all.
        var rows = graph.Reshape("final.rows", x, [-1, s.Hidden], ["tokens", s.Hidden]);
        var chosen = Norm(graph, s, parts.FinalNorm, graph.GatherRows("final.chosen", rows, asked));
        graph.Output(Logits, graph.Precision.ProductWithRows(graph, "final.scores", chosen, parts.Tokens));
    }

    /// <summary>The rows of tokens and positions, summed: [batch, sequence, hidden].</summary>
    private static Value Sum(GraphBuilder graph, GeneratorSettings s, DecoderParts parts, Value ids, Value positions)
    {
        var tokens = graph.Precision.Rows(graph, "first.tokens", parts.Tokens, ids);
        var at = parts.FirstPosition == 0 ? positions : graph.Add("first.positions_at", positions, graph.Integer(parts.FirstPosition));
        return graph.Add("first.sum", tokens, graph.GatherRows("first.positions", graph.Weight(parts.Positions), at));
    }

    private static Value Layer(
        GraphBuilder graph, GeneratorSettings s, DecoderParts parts, int layer, Value x, Value last, Value total)
    {
        var attended = Attend(graph, s, parts, layer, Norm(graph, s, parts.Of(layer, parts.AttentionNorm), x), last, total);
        var mixed = Linear(graph, parts, parts.Of(layer, parts.AttentionOutput), attended);
        x = graph.Add($"layer.{layer}.attended", x, mixed);
        var inner = Linear(graph, parts, parts.Of(layer, parts.Inner), Norm(graph, s, parts.Of(layer, parts.InnerNorm), x));
        var activated = parts.Rectified
            ? graph.Relu($"layer.{layer}.activated", inner)
            : graph.TanhGelu($"layer.{layer}.activated", inner);
        return graph.Add($"layer.{layer}.output", x, Linear(graph, parts, parts.Of(layer, parts.Outer), activated));
    }

    /// <summary>
    /// Causal attention over the cache and the new tokens by ONNX Runtime's GroupQueryAttention, with as many heads of keys as of queries.
    /// </summary>
    private static Value Attend(
        GraphBuilder graph, GeneratorSettings s, DecoderParts parts, int layer, Value x, Value last, Value total)
    {
        IReadOnlyList<Dimension> room = ["batch", s.Heads, "capacity", s.HeadSize];
        var key = graph.Input(Past(layer, "key"), ElementType.Float, room);
        var value = graph.Input(Past(layer, "value"), ElementType.Float, room);
        var projected = parts.Projections.Select(p => Linear(graph, parts, parts.Of(layer, p), x)).ToArray();
        Value?[] queries = projected.Length == 1 ? [projected[0], null, null] : [.. projected];
        var outputs = graph.NodeOfDomain(
            RuntimeDomain,
            $"layer.{layer}.attention",
            "GroupQueryAttention",
            [.. queries, key, value, last, total],
            [NodeAttribute.Of("num_heads", s.Heads), NodeAttribute.Of("kv_num_heads", s.Heads)],
            ($"layer.{layer}.mixed", ElementType.Float, ["batch", "sequence", s.Hidden]),
            ($"layer.{layer}.key", ElementType.Float, room),
            ($"layer.{layer}.value", ElementType.Float, room));
        graph.Output(Present(layer, "key"), outputs[1]);
        graph.Output(Present(layer, "value"), outputs[2]);
        return outputs[0];
    }

    private static Value Linear(GraphBuilder graph, DecoderParts parts, string name, Value x) =>
        graph.Add(
            $"{name}.add",
            graph.Precision.Product(graph, $"{name}.matmul", x, $"{name}.weight", transposed: !parts.ByInputs),
            graph.Weight($"{name}.bias"));

    private static Value Norm(GraphBuilder graph, GeneratorSettings s, string name, Value x) =>
        graph.LayerNormalization(
            $"{name}.normalised", x, graph.Weight($"{name}.weight"), graph.Weight($"{name}.bias"), (float)s.LayerNormEpsilon);
}
