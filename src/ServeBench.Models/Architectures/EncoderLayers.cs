using ServeBench.Models.Onnx;

namespace ServeBench.Models.Architectures;

/// <summary>The building blocks that transformer encoders share. Each takes and gives values of shape [batch, sequence, hidden].</summary>
internal static class EncoderLayers
{
    /// <summary>x W + b, with the checkpoint's <c>{name}.weight</c> [outputs, inputs] and <c>{name}.bias</c>.</summary>
    public static Value Linear(GraphBuilder graph, string name, Value x) =>
        graph.Add($"{name}.add", graph.Precision.Product(graph, $"{name}.matmul", x, $"{name}.weight"), graph.Weight($"{name}.bias"));

    /// <summary>Layer normalisation with the checkpoint's <c>{name}.weight</c> and <c>{name}.bias</c>.</summary>
    public static Value LayerNorm(GraphBuilder graph, string name, Value x, double epsilon) =>
        graph.LayerNormalization($"{name}.normalised", x, graph.Weight($"{name}.weight"), graph.Weight($"{name}.bias"), (float)epsilon);

    /// <summary>Scaled dot-product attention of every position over every position that the mask allows.</summary>
    /// <param name="name">Prefix of the projections <c>query</c>, <c>key</c> and <c>value</c> in the checkpoint.</param>
    /// <param name="maskBias">Added to the scores, broadcast from [batch, 1, 1, sequence]: 0 where a position counts, very
    /// negative where it is padding.</param>
    public static Value SelfAttention(GraphBuilder graph, string name, Value x, Value maskBias, int heads)
    {
        var hidden = x.FromEnd(-1).Size;
        var size = hidden / heads;
        Value Heads(string projection, params int[] permutation)
        {
            var projected = Linear(graph, $"{name}.{projection}", x);
            var split = graph.Reshape($"{name}.{projection}.heads", projected, [0, 0, heads, size], [x.Shape[0], x.Shape[1], heads, size]);
            return graph.Transpose($"{name}.{projection}.by_head", split, permutation);
        }
        var query = Heads("query", 0, 2, 1, 3);
        var key = Heads("key", 0, 2, 3, 1);
        var value = Heads("value", 0, 2, 1, 3);
        var scaled = graph.Divide($"{name}.scaled", graph.MatMul($"{name}.scores", query, key), graph.Number(MathF.Sqrt(size)));
        var probabilities = graph.Softmax($"{name}.probabilities", graph.Add($"{name}.masked", scaled, maskBias));
        var context = graph.Transpose($"{name}.context", graph.MatMul($"{name}.mixed", probabilities, value), 0, 2, 1, 3);
        return graph.Reshape($"{name}.merged", context, [0, 0, hidden], [x.Shape[0], x.Shape[1], hidden]);
    }

    /// <summary>The mean over the positions that the mask counts.</summary>
    /// <param name="x">[batch, sequence, hidden].</param>
    /// <param name="mask">[batch, sequence], 1 where a position counts, else 0.</param>
    /// <returns>[batch, hidden].</returns>
    public static Value MeanPool(GraphBuilder graph, string name, Value x, Value mask)
    {
        // A product with the mask as a row vector sums the counted positions in one pass, without a masked copy of x.
        var sums = graph.Squeeze($"{name}.sums", graph.MatMul($"{name}.sum", graph.Unsqueeze($"{name}.mask_row", mask, 1), x), 1);
        var counts = graph.Maximum($"{name}.counts", graph.SumLast($"{name}.count", mask), graph.Number(1e-9f));
        return graph.Divide($"{name}.mean", sums, counts);
    }

    /// <summary>The vector of the first position, which is never padding.</summary>
    /// <param name="x">[batch, sequence, hidden].</param>
    /// <returns>[batch, hidden].</returns>
    public static Value FirstToken(GraphBuilder graph, string name, Value x) => graph.GatherAt($"{name}.first", x, axis: 1, index: 0);

    /// <summary>Scales the last dimension to Euclidean length 1.</summary>
    public static Value Normalise(GraphBuilder graph, string name, Value x) =>
        graph.Divide($"{name}.unit", x, graph.Maximum($"{name}.length", graph.NormLast($"{name}.norm", x), graph.Number(1e-12f)));
}
