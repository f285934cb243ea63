using Microsoft.ML.OnnxRuntime;
using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Execution;

/// <summary>
/// Runs on ONNX Runtime with inputs and outputs bound to memory that never moves. A binding is made once for each shape and
/// kept, so that an execution makes no garbage and copies nothing on a CPU.
/// </summary>
internal sealed class BoundRunner : IEmbeddingRunner, IDisposable
{
    /// <summary>Shapes beyond this many start over; each holds a few hundred bytes.</summary>
    private const int KeptBindings = 1024;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly bool _isAsynchronous;
    private readonly long[] _ids;
    private readonly long[] _mask;
    private readonly float[] _embeddings;
    private readonly Dictionary<(int Batch, int Sequence), Binding> _bindings = [];

    /// <param name="session">The model; others may run on it at the same time.</param>
    /// <param name="dimensions">Numbers in an embedding.</param>
    /// <param name="maximumItems">Rows of the largest batch.</param>
    /// <param name="maximumTokens">Tokens of the largest batch, padding included.</param>
    /// <param name="isAsynchronous">True when the outputs are copied from a device, which has to be waited for.</param>
    public BoundRunner(InferenceSession session, int dimensions, int maximumItems, int maximumTokens, bool isAsynchronous)
    {
        _session = session;
        _isAsynchronous = isAsynchronous;
        Dimensions = dimensions;
        _ids = GC.AllocateArray<long>(maximumTokens, pinned: true);
        _mask = GC.AllocateArray<long>(maximumTokens, pinned: true);
        _embeddings = GC.AllocateArray<float>(maximumItems * dimensions, pinned: true);
    }

    public int Dimensions { get; }

    public Span<long> Ids => _ids;

    public Span<long> Mask => _mask;

    public ReadOnlySpan<float> Embeddings => _embeddings;

    public void Run(int batch, int sequence)
    {
        try
        {
            if (!_bindings.TryGetValue((batch, sequence), out var binding)) binding = Bind(batch, sequence);
            _session.RunWithBinding(_run, binding.Io);
            if (_isAsynchronous) binding.Io.SynchronizeBoundOutputs();
        }
        catch (OnnxRuntimeException e)
        {
            throw new RunFailedException($"ONNX Runtime failed on a batch of {batch} x {sequence} tokens: {e.Message}", "", e);
        }
    }

    public void Dispose()
    {
        Unbind();
        _run.Dispose();
    }

    private Binding Bind(int batch, int sequence)
    {
        if (_bindings.Count == KeptBindings) Unbind();
        var binding = new Binding(_session, _ids, _mask, _embeddings, batch, sequence, Dimensions);
        _bindings[(batch, sequence)] = binding;
        return binding;
    }

    private void Unbind()
    {
        foreach (var binding in _bindings.Values) binding.Dispose();
        _bindings.Clear();
    }

    /// <summary>The buffers seen as tensors of one shape, bound to the model's inputs and output.</summary>
    private sealed class Binding : IDisposable
    {
        private readonly OrtValue _ids;
        private readonly OrtValue _mask;
        private readonly OrtValue _embeddings;

        public Binding(InferenceSession session, long[] ids, long[] mask, float[] embeddings, int batch, int sequence, int dimensions)
        {
            _ids =
                OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, ids.AsMemory(0, batch * sequence), [batch, sequence]);
            _mask =
                OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, mask.AsMemory(0, batch * sequence), [batch, sequence]);
            _embeddings = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, embeddings.AsMemory(0, batch * dimensions), [batch, dimensions]);
            Io = session.CreateIoBinding();
            Io.BindInput("input_ids", _ids);
            Io.BindInput("attention_mask", _mask);
            Io.BindOutput("embedding", _embeddings);
        }

        public OrtIoBinding Io { get; }

        public void Dispose()
        {
            Io.Dispose();
            _ids.Dispose();
            _mask.Dispose();
            _embeddings.Dispose();
        }
    }
}
