using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ServeBench.Domain.Faults;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Store;

namespace ServeBench.Models.Inference.Generation;

/// <summary>
/// A decoder loaded into ONNX Runtime. One call adds tokens to neighbouring slots of a cache: either some tokens to one slot (a prompt,
/// or a part of one), or one token to each of several whatever their lengths, or the first tokens to several.
/// </summary>
public sealed class DecoderSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputs;
    private readonly string[] _outputs;

    private DecoderSession(InferenceSession session, GenerationManifest manifest, string runtime)
    {
        _session = session;
        Manifest = manifest;
        Runtime = runtime;
        string[] parts = ["key", "value"];
        var layers = Enumerable.Range(0, manifest.Layers).SelectMany(l => parts.Select(p => (Layer: l, Part: p))).ToArray();
        _inputs =
        [
            DecoderGraph.Ids, DecoderGraph.PositionIds, DecoderGraph.LastPositions, DecoderGraph.TotalLength, DecoderGraph.LogitsAt,
            .. layers.Select(l => DecoderGraph.Past(l.Layer, l.Part)),
        ];
        _outputs = [DecoderGraph.Logits, .. layers.Select(l => DecoderGraph.Present(l.Layer, l.Part))];
    }

    public GenerationManifest Manifest { get; }

    /// <summary>The runtime with its version and settings, for reports.</summary>
    public string Runtime { get; }

    /// <summary>Loads the model of a folder that <see cref="ModelStore"/> prepared.</summary>
    /// <param name="manifest">The folder's manifest.</param>
    /// <exception cref="RunFailedException">when the runtime cannot load the model.</exception>
    public static DecoderSession Load(string modelFolder, GenerationManifest manifest, SessionSettings settings) =>
        Of(RuntimeSessions.Load(Path.Combine(modelFolder, manifest.OnnxFile), settings), manifest, RuntimeSessions.Described(settings));

    /// <summary>Takes over a session that somebody else has loaded.</summary>
    /// <param name="session">The graph of the manifest's model; disposed of with this.</param>
    /// <param name="runtime">The runtime with its version and settings, for reports.</param>
    public static DecoderSession Of(InferenceSession session, GenerationManifest manifest, string runtime) =>
        new(session, manifest, runtime);

    /// <summary>Room for some sequences of this network.</summary>
    public KeyValueCache NewCache(int slots, int capacity) => new(Manifest.Layers, Manifest.Heads, Manifest.HeadSize, slots, capacity);

    /// <summary>Adds tokens to slots, and gives the logits after some of them.</summary>
    /// <param name="cache">What holds the sequences.</param>
    /// <param name="first">The first slot.</param>
    /// <param name="tokens">Token ids, as many for each slot as for every other; rows of a shorter prompt may end in any ids.</param>
    /// <param name="past">Tokens that each slot holds already.</param>
    /// <param name="added">Tokens of each row that count; the rest is padding.</param>
    /// <param name="at">Which tokens of all rows, counted one row after the other, are asked for their logits.</param>
    /// <param name="logits">Receives them, [<paramref name="at"/>, vocabulary].</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    public void Run(
        KeyValueCache cache, int first, IReadOnlyList<int[]> tokens, IReadOnlyList<int> past, IReadOnlyList<int> added, long[] at,
        Span<float> logits)
    {
        var (batch, sequence) = (tokens.Count, tokens[0].Length);
        if (logits.Length < (long)at.Length * Manifest.Vocabulary)
            throw new ArgumentException($"there is no room for the logits after {at.Length} tokens", nameof(logits));
        var ids = new long[batch * sequence];
        var positions = new long[ids.Length];
        var last = new int[batch];
        var total = new int[1];
        for (var row = 0; row < batch; row++)
        {
            if (added[row] < 1 || added[row] > sequence || (past[row] > 0 && added[row] != sequence))
                throw new ArgumentException(
                    $"row {row} adds {added[row]} of {sequence} tokens to {past[row]}: only an empty row may have padding", nameof(added));
            if (past[row] + added[row] > Manifest.Positions)
                throw new ArgumentException($"row {row} would have more than the model's {Manifest.Positions} tokens", nameof(added));
            last[row] = past[row] + added[row] - 1;
            total[0] = Math.Max(total[0], past[row] + sequence);
            for (var t = 0; t < sequence; t++)
            {
                ids[(row * sequence) + t] = tokens[row][t];
                // What lies behind the last position is padding.
                positions[(row * sequence) + t] = Math.Min(past[row] + t, Manifest.Positions - 1);
            }
        }
        if (total[0] > cache.Capacity)
            throw new ArgumentException($"{total[0]} tokens do not fit a capacity of {cache.Capacity}", nameof(tokens));
        if (batch > 1 && sequence > 1 && past.Any(p => p > 0))
            throw new ArgumentException("several rows take several tokens only where all are empty", nameof(past));
        Run(cache.Bind(first, batch), ids, positions, last, total, at, [batch, sequence], logits);
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    /// <summary>Binds inputs and outputs in the order of the graph's: what is around the cache, its tensors, and the logits.</summary>
    internal OrtIoBinding Bind(IReadOnlyList<OrtValue> own, IReadOnlyList<OrtValue> cache, OrtValue logits)
    {
        var io = _session.CreateIoBinding();
        for (var i = 0; i < own.Count; i++) io.BindInput(_inputs[i], own[i]);
        for (var i = 0; i < cache.Count; i++) io.BindInput(_inputs[own.Count + i], cache[i]);
        io.BindOutput(_outputs[0], logits);
        for (var i = 0; i < cache.Count; i++) io.BindOutput(_outputs[1 + i], cache[i]);
        return io;
    }

    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    internal void Run(OrtIoBinding io, int batch, int sequence)
    {
        try
        {
            _session.RunWithBinding(_run, io);
        }
        catch (OnnxRuntimeException e)
        {
            throw Failure(batch, sequence, e);
        }
    }

    private static RunFailedException Failure(long batch, long sequence, OnnxRuntimeException e) =>
        new($"ONNX Runtime failed on {batch} x {sequence} tokens: {e.Message}", "", e);

    private unsafe void Run(
        OrtValue[] cache, long[] ids, long[] positions, int[] last, int[] total, long[] at, long[] shape, Span<float> logits)
    {
        fixed (float* logitsAt = logits)
        {
            OrtValue[] own =
            [
                OrtValue.CreateTensorValueFromMemory(ids, shape),
                OrtValue.CreateTensorValueFromMemory(positions, shape),
                OrtValue.CreateTensorValueFromMemory(last, [shape[0]]),
                OrtValue.CreateTensorValueFromMemory(total, []),
                OrtValue.CreateTensorValueFromMemory(at, [at.Length]),
                OrtValue.CreateTensorValueWithData(
                    OrtMemoryInfo.DefaultInstance,
                    TensorElementType.Float,
                    [at.Length, Manifest.Vocabulary],
                    (nint)logitsAt,
                    (long)at.Length * Manifest.Vocabulary * sizeof(float)),
            ];
            try
            {
                _session.Run(_run, _inputs, [.. own[..^1], .. cache], _outputs, [own[^1], .. cache]);
            }
            catch (OnnxRuntimeException e)
            {
                throw Failure(shape[0], shape[1], e);
            }
            finally
            {
                foreach (var value in own.Concat(cache)) value.Dispose();
            }
        }
    }
}
