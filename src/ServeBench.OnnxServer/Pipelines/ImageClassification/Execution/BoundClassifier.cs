using Microsoft.ML.OnnxRuntime;
using ServeBench.Domain.Faults;
using ServeBench.Models.Store;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>
/// Runs on ONNX Runtime with inputs and outputs bound to memory that never moves. A binding is made once for each size of a batch and
/// kept, so that an execution makes no garbage and copies nothing on a CPU.
/// </summary>
internal sealed class BoundClassifier : IClassifierRunner, IDisposable
{
    private const int Colours = 3;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly bool _isAsynchronous;
    private readonly int _size;
    private readonly int _width;
    private readonly string _scoresName;
    private readonly float[] _pixels;
    private readonly float[] _scores;
    private readonly long[] _classes;
    private readonly Binding?[] _bindings;

    /// <param name="session">The model; others may run on it at the same time.</param>
    /// <param name="manifest">What it takes and gives.</param>
    /// <param name="maximumItems">Images of the largest batch.</param>
    /// <param name="isAsynchronous">True when the outputs are copied from a device, which has to be waited for.</param>
    public BoundClassifier(InferenceSession session, ClassificationManifest manifest, int maximumItems, bool isAsynchronous)
    {
        _session = session;
        _isAsynchronous = isAsynchronous;
        _size = manifest.Input.Size;
        _width = manifest.Top > 0 ? manifest.Top : manifest.Classes;
        _scoresName = manifest.Top > 0 ? ClassificationManifest.Scores : manifest.Output;
        var pixels = manifest.Input.PreparesInside ? 0 : maximumItems * Colours * _size * _size;
        _pixels = GC.AllocateUninitializedArray<float>(pixels, pinned: true);
        _scores = GC.AllocateArray<float>(maximumItems * _width, pinned: true);
        _classes = GC.AllocateArray<long>(manifest.Top > 0 ? maximumItems * _width : 0, pinned: true);
        _bindings = new Binding?[maximumItems + 1];
    }

    public Span<float> Pixels => _pixels;

    public void Run(int batch)
    {
        var binding = _bindings[batch];
        if (binding is null)
        {
            binding = new Binding(_session);
            binding.AddInput(ClassificationManifest.Pixels, _pixels.AsMemory(), [batch, Colours, _size, _size]);
            BindOutputs(binding, 0, batch);
            _bindings[batch] = binding;
        }
        Run(binding, $"a batch of {batch} images");
    }

    public void Run(Memory<byte> image, int height, int width, int place)
    {
        // Images have sizes of their own, so that no binding would be used twice.
        using var binding = new Binding(_session);
        binding.AddInput(ClassificationManifest.Image, image, [1, height, width, Colours]);
        BindOutputs(binding, place, 1);
        Run(binding, $"an image of {width}x{height} pixels");
    }

    public ReadOnlySpan<float> Scores(int place) => _scores.AsSpan(place * _width, _width);

    public ReadOnlySpan<long> Classes(int place) => _classes.Length == 0 ? [] : _classes.AsSpan(place * _width, _width);

    public void Dispose()
    {
        foreach (var binding in _bindings) binding?.Dispose();
        _run.Dispose();
    }

    private void BindOutputs(Binding binding, int place, int batch)
    {
        binding.AddOutput(_scoresName, _scores.AsMemory(place * _width), [batch, _width]);
        if (_classes.Length > 0) binding.AddOutput(ClassificationManifest.BestClasses, _classes.AsMemory(place * _width), [batch, _width]);
    }

    private void Run(Binding binding, string what)
    {
        try
        {
            _session.RunWithBinding(_run, binding.Io);
            if (_isAsynchronous) binding.Io.SynchronizeBoundOutputs();
        }
        catch (OnnxRuntimeException e)
        {
            throw new RunFailedException($"ONNX Runtime failed on {what}: {e.Message}", "", e);
        }
    }

    /// <summary>Buffers seen as tensors, bound to the model's inputs and outputs.</summary>
    private sealed class Binding(InferenceSession session) : IDisposable
    {
        private readonly List<OrtValue> _values = [];

        public OrtIoBinding Io { get; } = session.CreateIoBinding();

        public void AddInput<T>(string name, Memory<T> buffer, long[] shape)
            where T : unmanaged =>
            Io.BindInput(name, Value(buffer, shape));

        public void AddOutput<T>(string name, Memory<T> buffer, long[] shape)
            where T : unmanaged =>
            Io.BindOutput(name, Value(buffer, shape));

        public void Dispose()
        {
            Io.Dispose();
            foreach (var value in _values) value.Dispose();
        }

        private OrtValue Value<T>(Memory<T> buffer, long[] shape)
            where T : unmanaged
        {
            var length = (int)shape.Aggregate(1L, (product, size) => product * size);
            var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer[..length], shape);
            _values.Add(value);
            return value;
        }
    }
}
