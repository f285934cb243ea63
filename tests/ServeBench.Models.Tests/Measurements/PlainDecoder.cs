using Microsoft.ML.OnnxRuntime;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Inference;
using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Measurements;

/// <summary>
/// GPT-2 as exporters of the past wrote it, for comparison: attention out of ONNX's own operators, the cache concatenated to a new tensor at every
/// step. All rows have the same length; no mask is needed for one token at a time, and prompts are given one.
/// </summary>
internal sealed class PlainDecoder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InferenceSession _session;
    private readonly GeneratorSettings _s;
    private readonly RunOptions _run = new();
    private readonly string[] _outputs;
    private OrtValue[] _cache = [];

    public PlainDecoder(GeneratorSettings settings, string safetensors, int threads)
    {
        _s = settings;
        using var weights = SafetensorsFile.Open(safetensors);
        var graph = new GraphBuilder(new CheckpointWeights(weights), new SinglePrecision());
        var ids = graph.Input("input_ids", ElementType.Int64, "batch", "sequence");
        var positions = graph.Input("position_ids", ElementType.Int64, "batch", "sequence");
        var mask = graph.Input("mask", ElementType.Float, 1, 1, "sequence", "total");
        var asked = graph.Input("logits_at", ElementType.Int64, "asked");
        var x = graph.Add("first", graph.GatherRows("tokens", graph.Weight("wte.weight"), ids), graph.GatherRows("positions", graph.Weight("wpe.weight"), positions));
        for (var layer = 0; layer < _s.Layers; layer++) x = Layer(graph, layer, x, mask);
        var rows = graph.GatherRows("chosen", graph.Reshape("rows", x, [-1, _s.Hidden], ["tokens", _s.Hidden]), asked);
        graph.Output("logits", graph.ProductWithTransposed("scores", Norm(graph, "ln_f", rows), graph.Weight("wte.weight")));
        var file = _folder.File("plain.onnx");
        using (var output = File.Create(file)) OnnxFile.Write(graph, "plain", output);
        _session = RuntimeSessions.Load(file, new SessionSettings { IntraOpThreads = threads });
        _outputs = ["logits", .. Enumerable.Range(0, _s.Layers).SelectMany(l => new[] { $"present.{l}.key", $"present.{l}.value" })];
        Clear(1);
    }

    public void Clear(int batch)
    {
        foreach (var value in _cache) value.Dispose();
        _cache = [.. Enumerable.Range(0, 2 * _s.Layers).Select(_ => OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, [batch, _s.Heads, 0, _s.HeadSize]))];
    }

    /// <returns>The logits after each row's last token.</returns>
    public float[] Run(long[] ids, int batch, int past)
    {
        var sequence = ids.Length / batch;
        var mask = new float[sequence * (past + sequence)];
        for (var row = 0; row < sequence; row++) mask.AsSpan((row * (past + sequence)) + past + row + 1, sequence - row - 1).Fill(float.MinValue);
        long[] positions = [.. Enumerable.Range(0, ids.Length).Select(i => (long)(past + (i % sequence)))];
        OrtValue[] own =
        [
            OrtValue.CreateTensorValueFromMemory(ids, [batch, sequence]), OrtValue.CreateTensorValueFromMemory(positions, [batch, sequence]),
            OrtValue.CreateTensorValueFromMemory(mask, [1, 1, sequence, past + sequence]),
            OrtValue.CreateTensorValueFromMemory(Enumerable.Range(0, batch).Select(b => (long)((b * sequence) + sequence - 1)).ToArray(), [batch]),
        ];
        string[] names = ["input_ids", "position_ids", "mask", "logits_at", .. Enumerable.Range(0, _s.Layers).SelectMany(l => new[] { $"past.{l}.key", $"past.{l}.value" })];
        var outputs = _session.Run(_run, names, [.. own, .. _cache], _outputs);
        foreach (var value in own.Concat(_cache)) value.Dispose();
        _cache = [.. outputs.Skip(1)];
        var logits = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        outputs[0].Dispose();
        return logits;
    }

    public void Dispose()
    {
        foreach (var value in _cache) value.Dispose();
        _run.Dispose();
        _session.Dispose();
        _folder.Dispose();
    }

    private Value Layer(GraphBuilder graph, int layer, Value x, Value mask)
    {
        var name = $"h.{layer}";
        var all = Linear(graph, $"{name}.attn.c_attn", Norm(graph, $"{name}.ln_1", x));
        var split = graph.Reshape($"{name}.split", all, [0, 0, 3, _s.Heads, _s.HeadSize], ["batch", "sequence", 3, _s.Heads, _s.HeadSize]);
        Value Part(int part, string past)
        {
            var own = graph.Transpose($"{name}.{past}.by_head", graph.GatherAt($"{name}.{past}.part", split, axis: 2, index: part), 0, 2, 1, 3);
            if (part == 0) return own;
            IReadOnlyList<Dimension> shape = ["batch", _s.Heads, "total", _s.HeadSize];
            var before = graph.Input($"past.{layer}.{past}", ElementType.Float, "batch", _s.Heads, "past", _s.HeadSize);
            return graph.Output($"present.{layer}.{past}", graph.Node($"{name}.{past}.whole", "Concat", [before, own], ElementType.Float, shape, NodeAttribute.Of("axis", 2)));
        }
        var (query, key, value) = (Part(0, "query"), Part(1, "key"), Part(2, "value"));
        var scores = graph.Divide($"{name}.scaled", graph.MatMul($"{name}.scores", query, graph.Transpose($"{name}.turned", key, 0, 1, 3, 2)), graph.Number(MathF.Sqrt(_s.HeadSize)));
        var mixed = graph.MatMul($"{name}.mixed", graph.Softmax($"{name}.shares", graph.Add($"{name}.masked", scores, mask)), value);
        var merged = graph.Reshape($"{name}.merged", graph.Transpose($"{name}.context", mixed, 0, 2, 1, 3), [0, 0, _s.Hidden], ["batch", "sequence", _s.Hidden]);
        x = graph.Add($"{name}.attended", x, Linear(graph, $"{name}.attn.c_proj", merged));
        var inner = graph.TanhGelu($"{name}.activated", Linear(graph, $"{name}.mlp.c_fc", Norm(graph, $"{name}.ln_2", x)));
        return graph.Add($"{name}.output", x, Linear(graph, $"{name}.mlp.c_proj", inner));
    }

    private static Value Linear(GraphBuilder graph, string name, Value x) =>
        graph.Add($"{name}.add", graph.MatMul($"{name}.matmul", x, graph.Weight($"{name}.weight")), graph.Weight($"{name}.bias"));

    private Value Norm(GraphBuilder graph, string name, Value x) =>
        graph.LayerNormalization($"{name}.normalised", x, graph.Weight($"{name}.weight"), graph.Weight($"{name}.bias"), (float)_s.LayerNormEpsilon);
}
