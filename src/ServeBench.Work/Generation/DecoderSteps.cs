using System.Numerics.Tensors;
using ServeBench.Models.Inference.Generation;

namespace ServeBench.Work.Generation;

/// <summary>A decoder in ONNX Runtime, for the loop without a server; its calls are those that the server makes.</summary>
/// <param name="session">The model, set up as the servers set it up; disposed of with this.</param>
internal sealed class DecoderSteps(DecoderSession session) : IDecoderSteps
{
    private KeyValueCache? _cache;
    private DecoderCalls? _calls;
    private int[] _last = [];
    private int[] _past = [];

    public string Runtime => session.Runtime;

    public void Reserve(int slots, int capacity)
    {
        Free();
        _cache = session.NewCache(slots, capacity);
        _calls = new DecoderCalls(session, _cache, capacity);
        (_last, _past) = (new int[slots], new int[slots]);
    }

    public void Prefill(int slot, int[] prompt)
    {
        _calls!.Part(slot, prompt, 0, asks: true);
        _last[slot] = TensorPrimitives.IndexOfMax<float>(_calls.Logits(0));
    }

    public void Decode(IReadOnlyList<int> lengths)
    {
        for (var s = 0; s < _past.Length; s++) _past[s] = lengths[s];
        _calls!.Step(_last, _past);
        for (var s = 0; s < _last.Length; s++) _last[s] = TensorPrimitives.IndexOfMax<float>(_calls.Logits(s));
    }

    public void Dispose()
    {
        Free();
        session.Dispose();
    }

    private void Free()
    {
        _calls?.Dispose();
        _cache?.Dispose();
    }
}
