using ServeBench.Domain.Models;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Inference;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.References.Generation;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Tests.Generation;

/// <summary>A decoder of two layers and a small vocabulary with seeded weights: its graph in ONNX Runtime, and its double-precision reference.</summary>
internal sealed class TinyDecoder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SafetensorsFile _weights;

    public TinyDecoder(ITextGenerator architecture, IPrecision? precision = null, Func<string, string>? renamed = null)
    {
        var file = _folder.File("model.safetensors");
        TensorSpec[] tensors = [.. architecture.Tensors(Settings)];
        using (var output = File.Create(file))
        {
            if (renamed is null) SeededWeights.Write(output, tensors, seed: 7);
            else WriteRenamed(output, tensors, renamed);
        }
        _weights = SafetensorsFile.Open(file);
        architecture.Alias(_weights.Directory);
        var graph = new GraphBuilder(new CheckpointWeights(_weights), precision ?? new SinglePrecision());
        architecture.Build(Settings, graph);
        using (var output = File.Create(_folder.File("model.onnx"))) OnnxFile.Write(graph, "tiny", output);
        Reference = architecture.Reference(Settings, _weights);
        Session = DecoderSession.Load(_folder.Path, Manifest, new SessionSettings());
    }

    public static GeneratorSettings Settings { get; } = new()
    {
        Layers = 2,
        Hidden = 96,
        Heads = 3,
        Intermediate = 80,
        Vocabulary = 211,
        Positions = 64,
        LayerNormEpsilon = 1e-5,
        Tokenizer = new ByteLevelSettings(null, 210, 0),
    };

    public static IReadOnlyList<int[]> Prompts { get; } = [Drawn(1, 9), Drawn(2, 1), Drawn(3, 23), Drawn(4, 16)];

    public DecoderSession Session { get; }

    public DecoderReference Reference { get; }

    public SafetensorsFile Weights => _weights;

    private static GenerationManifest Manifest { get; } = new()
    {
        Model = "tiny",
        Title = "tiny",
        Architecture = "tiny",
        Precision = "fp32",
        Weights = WeightsSource.Seeded,
        Source = new ManifestSource("example/tiny", null, "MIT", 7),
        Files = [],
        OnnxFile = "model.onnx",
        SafetensorsFile = "model.safetensors",
        Inputs = [],
        Outputs = [],
        Parameters = 1,
        Layers = Settings.Layers,
        Heads = Settings.Heads,
        HeadSize = Settings.HeadSize,
        Vocabulary = Settings.Vocabulary,
        Positions = Settings.Positions,
        Tokenizer = new ManifestByteLevel("byte-level-bpe", "vocab.json", "merges.txt", null, 210, "none"),
        References = [],
    };

    public static int[] Drawn(ulong seed, int length)
    {
        var random = new SplitMix(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Below(Settings.Vocabulary))];
    }

    /// <summary>The largest difference between a row of logits and the reference's, in standard deviations of the latter.</summary>
    public static double Distance(double[] expected, ReadOnlySpan<float> given)
    {
        var mean = expected.Average();
        var deviation = Math.Sqrt(expected.Average(v => (v - mean) * (v - mean)));
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++) largest = Math.Max(largest, Math.Abs(expected[i] - given[i]));
        return largest / deviation;
    }

    public void Dispose()
    {
        Session.Dispose();
        _weights.Dispose();
        _folder.Dispose();
    }

    private void WriteRenamed(Stream output, TensorSpec[] tensors, Func<string, string> renamed)
    {
        var plain = _folder.File("plain.safetensors");
        using (var drawn = File.Create(plain)) SeededWeights.Write(drawn, tensors, seed: 7);
        using var file = SafetensorsFile.Open(plain);
        SafetensorsWriter.Write(
            output, [.. file.Tensors.Select(t => (renamed(t.Name), t.Type, t.Shape))], (t, offset, part) => file.CopyBytes(file.Tensors[t], offset, part));
    }
}
