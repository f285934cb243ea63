using Microsoft.ML.OnnxRuntime;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Inference;
using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Tests.Support;

/// <summary>A classifier with seeded weights, or others, exported and loaded.</summary>
internal sealed class SeededClassifier : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IImageClassifier _architecture;
    private readonly object _settings;
    private readonly SafetensorsFile _weights;
    private readonly InferenceSession _session;

    public SeededClassifier(IImageClassifier architecture, object settings, int seed = 1)
        : this(architecture, settings, output => SeededWeights.Write(output, architecture.Tensors(settings), seed))
    {
    }

    /// <param name="write">Writes a checkpoint of the architecture with other weights.</param>
    public SeededClassifier(IImageClassifier architecture, object settings, Action<Stream> write)
    {
        (_architecture, _settings) = (architecture, settings);
        var checkpoint = Path.Combine(_folder.Path, "model.safetensors");
        using (var file = File.Create(checkpoint)) write(file);
        _weights = SafetensorsFile.Open(checkpoint);
        var graph = new GraphBuilder(new CheckpointWeights(_weights), new SinglePrecision());
        architecture.Build(settings, graph);
        var model = Path.Combine(_folder.Path, "model.onnx");
        using (var file = File.Create(model)) OnnxFile.Write(graph, "test", file);
        _session = RuntimeSessions.Load(model, new SessionSettings());
    }

    public string Checkpoint => _weights.Path;

    public ImageInput Input => _architecture.Classifier(_settings).Input;

    /// <param name="prepared">[batch, 3, size, size].</param>
    public float[] Run(float[] prepared)
    {
        var plane = ImageInput.Channels * Input.Size * Input.Size;
        using var input = OrtValue.CreateTensorValueFromMemory(
            prepared, [prepared.Length / plane, ImageInput.Channels, Input.Size, Input.Size]);
        return First("pixels", input);
    }

    /// <param name="image">[height, width, 3].</param>
    public float[] Run(byte[] image, int height, int width)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(image, [1, height, width, ImageInput.Channels]);
        return First("image", input);
    }

    /// <summary>Every output, by name, as doubles.</summary>
    public Dictionary<string, double[]> RunAll(float[] prepared)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(prepared, [1, ImageInput.Channels, Input.Size, Input.Size]);
        using var options = new RunOptions();
        using var outputs = _session.Run(options, ["pixels"], [input], _session.OutputNames);
        return _session.OutputNames
            .Zip(outputs)
            .ToDictionary(
                o => o.First,
                o => o.First == "classes"
                    ? o.Second.GetTensorDataAsSpan<long>().ToArray().Select(v => (double)v).ToArray()
                    : o.Second.GetTensorDataAsSpan<float>().ToArray().Select(v => (double)v).ToArray());
    }

    public double[] Reference(float[] prepared) => _architecture.Reference(_settings, _weights, prepared);

    public void Dispose()
    {
        _session.Dispose();
        _weights.Dispose();
        _folder.Dispose();
    }

    private float[] First(string name, OrtValue input)
    {
        using var options = new RunOptions();
        using var outputs = _session.Run(options, [name], [input], _session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
