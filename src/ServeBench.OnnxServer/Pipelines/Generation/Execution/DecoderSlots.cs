using ServeBench.Domain.Faults;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>A decoder on ONNX Runtime, with memory for the keys and values of its sequences.</summary>
internal sealed class DecoderSlots : ISlotModel, IDisposable
{
    private const int Mebibyte = 1 << 20;

    private readonly DecoderSession _session;
    private readonly KeyValueCache _cache;
    private readonly DecoderCalls _calls;

    private DecoderSlots(DecoderSession session, int slots, int capacity, int part)
    {
        _session = session;
        _cache = session.NewCache(slots, capacity);
        _calls = new DecoderCalls(session, _cache, part);
    }

    public int Slots => _cache.Slots;

    public int Capacity => _cache.Capacity;

    /// <summary>Loads a model, once its memory has been found to be within the limits.</summary>
    /// <param name="manifest">What is known of the model.</param>
    /// <param name="options">How many sequences, of what length, in how much memory.</param>
    /// <param name="load">Loads it.</param>
    /// <exception cref="RunFailedException">
    /// when the sequences need more memory than they may have, or an accelerator is asked for.
    /// </exception>
    public static DecoderSlots Load(GenerationManifest manifest, ServerOptions options, Func<DecoderSession> load)
    {
        if (options.Provider != Provider.Cpu)
            throw new RunFailedException(
                $"The model {manifest.Model} keeps its keys and values in the processor's memory, and --provider is "
                    + $"{options.Provider.ToString().ToLowerInvariant()}",
                "Choose --provider=cpu");
        var slots = options.Batching == BatchingMode.None ? 1 : options.MaxSequences;
        var capacity = Math.Min(manifest.Positions, options.MaxContext ?? manifest.Positions);
        var token = KeyValueCache.BytesOfToken(manifest.Layers, manifest.Heads, manifest.HeadSize);
        var most = (long)options.CacheMemory * Mebibyte;
        if (slots * capacity * token > most)
            throw new RunFailedException(
                $"{slots} sequences of {capacity} tokens of {manifest.Model} need "
                    + $"{Math.Ceiling(slots * capacity * token / (double)Mebibyte)} MiB for keys and values, more than the "
                    + $"{options.CacheMemory} of --cache-memory",
                $"Choose at most --max-sequences={most / (capacity * token)} or --max-context={most / (slots * token)}, "
                    + "or a greater --cache-memory");
        return new DecoderSlots(load(), slots, capacity, options.PromptPart);
    }

    public void Part(int slot, ReadOnlySpan<int> tokens, int past, bool asks) => _calls.Part(slot, tokens, past, asks);

    public void Step(ReadOnlySpan<int> tokens, ReadOnlySpan<int> past) => _calls.Step(tokens, past);

    public Span<float> Logits(int row) => _calls.Logits(row);

    public void Copy(int from, int into, int tokens) => _cache.Copy(from, into, tokens);

    public void Dispose()
    {
        _calls.Dispose();
        _cache.Dispose();
        _session.Dispose();
    }
}
