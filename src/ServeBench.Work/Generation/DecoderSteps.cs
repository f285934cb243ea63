using System.Numerics.Tensors;
using ServeBench.Models.Inference.Generation;

namespace ServeBench.Work.Generation;

/// <summary>A decoder in ONNX Runtime, for the loop without a server.</summary>
/// <param name="session">The model, set up as the servers set it up; disposed of with this.</param>
internal sealed class DecoderSteps(DecoderSession session) : IDecoderSteps
{
    private KeyValueCache? _cache;
    private int[] _last = [];
    private float[] _logits = [];

    public string Runtime => session.Runtime;

    public void Reserve(int slots, int capacity)
    {
        _cache?.Dispose();
        _cache = session.NewCache(slots, capacity);
        _last = new int[slots];
        _logits = new float[slots * session.Manifest.Vocabulary];
    }

    public void Prefill(int slot, int[] prompt)
    {
        session.Run(_cache!, slot, [prompt], [0], [prompt.Length], [prompt.Length - 1], _logits);
        _last[slot] = TensorPrimitives.IndexOfMax<float>(_logits.AsSpan(0, session.Manifest.Vocabulary));
    }

    public void Decode(IReadOnlyList<int> lengths)
    {
        var slots = lengths.Count;
        session.Run(
            _cache!, 0, [.. _last.Select(t => (int[])[t])], lengths, [.. Enumerable.Repeat(1, slots)],
            [.. Enumerable.Range(0, slots).Select(s => (long)s)], _logits);
        var vocabulary = session.Manifest.Vocabulary;
        for (var s = 0; s < slots; s++) _last[s] = TensorPrimitives.IndexOfMax<float>(_logits.AsSpan(s * vocabulary, vocabulary));
    }

    public void Dispose()
    {
        _cache?.Dispose();
        session.Dispose();
    }
}
