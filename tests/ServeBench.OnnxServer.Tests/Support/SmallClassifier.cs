using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Inference;
using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;
using ServeBench.Models.Weights;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>A seeded MobileNetV3-small of few classes and small images in a folder of its own, and its right answers.</summary>
public sealed class SmallClassifier : IDisposable
{
    public const string Name = "small-classifier";
    public const int Classes = 40;
    public const int Size = 48;
    public const int Resize = 64;

    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] Deviation = [0.229, 0.224, 0.225];

    private readonly InferenceSession _session;

    public SmallClassifier()
        : this(preparesInGraph: false, givesProbabilities: false, top: 0)
    {
    }

    internal SmallClassifier(bool preparesInGraph, bool givesProbabilities, int top)
    {
        Folder = Directory.CreateTempSubdirectory("servebench-classifier-").FullName;
        var (architecture, input) = (new MobileNetV3Small(), new ImageInput(Size, Resize, Mean, Deviation));
        var settings = new ClassifierSettings(Classes, 1e-3, FoldsNorms: true, input, preparesInGraph, givesProbabilities, top);
        var checkpoint = Path.Combine(Folder, "model.safetensors");
        using (var file = File.Create(checkpoint)) SeededWeights.Write(file, architecture.Tensors(settings), 1);
        using var weights = SafetensorsFile.Open(checkpoint);
        var graph = new GraphBuilder(new CheckpointWeights(weights), new SinglePrecision());
        architecture.Build(settings, graph);
        var model = Path.Combine(Folder, "model.onnx");
        using (var file = File.Create(model)) OnnxFile.Write(graph, "test", file);
        object Tensor(Value value) => new { value.Name, type = value.Type.ToString().ToLowerInvariant(), shape = value.Shape.Select(d => d.ToString()) };
        var manifest = new
        {
            schema = ModelManifest.CurrentSchema, model = Name, title = "Small classifier", architecture = "mobilenet-v3-small", precision = "fp32", weights = "seeded",
            source = new { repository = "nobody/small", licence = "MIT" },
            files = new[] { new { name = "model.onnx", bytes = new FileInfo(model).Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model))) } },
            onnxFile = "model.onnx", safetensorsFile = "model.safetensors", inputs = graph.Inputs.Select(Tensor), outputs = graph.Outputs.Select(Tensor), parameters = 1,
            input = new { size = Size, resize = Resize, interpolation = "bilinear", mean = Mean, deviation = Deviation, preparation = preparesInGraph ? "inside" : "outside" },
            classes = Classes, output = givesProbabilities ? "probabilities" : "logits", top, references = Array.Empty<object>(),
        };
        File.WriteAllText(Path.Combine(Folder, ModelManifest.FileName), JsonSerializer.Serialize(manifest, JsonSerializerOptions.Web));
        _session = RuntimeSessions.Load(model, new SessionSettings());
    }

    public string Folder { get; }

    /// <summary>The first output for prepared pixels, [3, size, size], executed without any server.</summary>
    internal float[] Run(float[] pixels)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, Size, Size]);
        using var options = new RunOptions();
        using var outputs = _session.Run(options, ["pixels"], [input], _session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>The first output for a file of Images/Vectors, of whose scaled middle Pillow's pixels are recorded.</summary>
    internal float[] Run(string image) => Run(Pixels(image));

    /// <summary>What Pillow and the definition make of a file of Images/Vectors.</summary>
    internal static float[] Pixels(string image)
    {
        var values = Images.RecordedImages.Read($"{image}.{Resize}-{Size}");
        var pixels = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var colour = i % 3;
            pixels[(colour * Size * Size) + (i / 3)] = (float)(((values[i] / 255.0) - Mean[colour]) / Deviation[colour]);
        }
        return pixels;
    }

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
