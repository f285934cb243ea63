using System.Numerics.Tensors;
using ServeBench.Models.Inference.Generation;

namespace ServeBench.Work.Generation;

/// <summary>A decoder in ONNX Runtime, for the loop without a server.</summary>
/// <param name="session">The model, set up as the servers set it up; disposed of with this.</param>
internal sealed class DecoderSteps(DecoderSession session) : IDecoderSteps
{
    private KeyValueCache? _cache;
    private DecoderCalls? _calls;
    private int[] _last = [];

    public string Runtime => session.Runtime;

    public void Reserve(int slots, int capacity)
    {
        Release();
        _cache = session.NewCache(slots, capacity);
        _cache.Occupy();
        _calls = new DecoderCalls(session, _cache, capacity);
        _last = new int[slots];
    }

    public void Prefill(int slot, int[] prompt)
    {
        _calls!.Part(slot, prompt, 0, asks: true);
        _last[slot] = TensorPrimitives.IndexOfMax<float>(_calls.Logits(0));
    }

    public void Decode(IReadOnlyList<int> lengths)
    {
        _calls!.Step(_last, [.. lengths]);
        for (var s = 0; s < _last.Length; s++) _last[s] = TensorPrimitives.IndexOfMax<float>(_calls.Logits(s));
    }

    public void Dispose()
    {
        Release();
        session.Dispose();
    }

    private void Release()
    {
        _calls?.Dispose();
        _cache?.Dispose();
    }
}
