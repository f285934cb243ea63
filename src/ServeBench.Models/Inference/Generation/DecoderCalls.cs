using Microsoft.ML.OnnxRuntime;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Inference.Generation;

/// <summary>
/// The calls that continue sequences in one cache, over and over: inputs and outputs are bound once for each shape to memory that stays,
/// so that a call makes no garbage. Not safe for use by several threads at once.
/// </summary>
public sealed class DecoderCalls : IDisposable
{
    /// <summary>Parts of so many shapes are kept bound; each is some kilobytes.</summary>
    private const int KeptParts = 64;

    private readonly DecoderSession _session;
    private readonly KeyValueCache _cache;
    private readonly long[] _ids;
    private readonly long[] _positions;
    private readonly int[] _last;
    private readonly int[] _total = GC.AllocateArray<int>(1, pinned: true);
    private readonly long[] _rows;
    private readonly long[] _lastOfPart = GC.AllocateArray<long>(1, pinned: true);
    private readonly float[] _logits;
    private readonly BoundCall?[] _steps;
    private readonly Dictionary<(int Slot, int Tokens, bool Asks), BoundCall> _parts = [];

    /// <param name="session">The model.</param>
    /// <param name="cache">What holds the sequences; a slot each.</param>
    /// <param name="part">The most tokens of one <see cref="Part"/>.</param>
    public DecoderCalls(DecoderSession session, KeyValueCache cache, int part)
    {
        (_session, _cache) = (session, cache);
        var tokens = Math.Max(part, cache.Slots);
        _ids = GC.AllocateArray<long>(tokens, pinned: true);
        _positions = GC.AllocateArray<long>(tokens, pinned: true);
        _last = GC.AllocateArray<int>(cache.Slots, pinned: true);
        _rows = GC.AllocateArray<long>(cache.Slots, pinned: true);
        for (var row = 0; row < _rows.Length; row++) _rows[row] = row;
        _logits = GC.AllocateArray<float>(cache.Slots * session.Manifest.Vocabulary, pinned: true);
        _steps = new BoundCall?[cache.Slots + 1];
    }

    /// <summary>The logits that the last call gave for one of its rows, [vocabulary].</summary>
    public Span<float> Logits(int row) => _logits.AsSpan(row * _session.Manifest.Vocabulary, _session.Manifest.Vocabulary);

    /// <summary>Adds one token to each of the first slots, and asks for the logits after each.</summary>
    /// <param name="tokens">Token ids, one a slot.</param>
    /// <param name="past">Tokens that each slot holds already; at least one.</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    public void Step(ReadOnlySpan<int> tokens, ReadOnlySpan<int> past)
    {
        _total[0] = 0;
        for (var row = 0; row < tokens.Length; row++)
        {
            Check(past[row] + 1);
            (_ids[row], _positions[row], _last[row]) = (tokens[row], past[row], past[row]);
            _total[0] = Math.Max(_total[0], past[row] + 1);
        }
        _session.Run((_steps[tokens.Length] ??= Bind(0, tokens.Length, 1, _rows.AsMemory(0, tokens.Length))).Io, tokens.Length, 1);
    }

    /// <summary>Adds tokens to one slot: a prompt, or a part of one.</summary>
    /// <param name="slot">Which.</param>
    /// <param name="tokens">Token ids.</param>
    /// <param name="past">Tokens that the slot holds already.</param>
    /// <param name="asks">True for the logits after the last of the tokens, in row 0.</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    public void Part(int slot, ReadOnlySpan<int> tokens, int past, bool asks)
    {
        Check(past + tokens.Length);
        for (var i = 0; i < tokens.Length; i++) (_ids[i], _positions[i]) = (tokens[i], past + i);
        _total[0] = past + tokens.Length;
        _last[0] = _total[0] - 1;
        _lastOfPart[0] = tokens.Length - 1;
        var shape = (slot, tokens.Length, asks);
        if (!_parts.TryGetValue(shape, out var call))
        {
            if (_parts.Count == KeptParts) Forget();
            _parts[shape] = call = Bind(slot, 1, tokens.Length, _lastOfPart.AsMemory(0, asks ? 1 : 0));
        }
        _session.Run(call.Io, 1, tokens.Length);
    }

    public void Dispose()
    {
        Forget();
        foreach (var step in _steps) step?.Dispose();
    }

    private void Check(int length)
    {
        var most = Math.Min(_cache.Capacity, _session.Manifest.Positions);
        if (length > most)
            throw new ArgumentOutOfRangeException(nameof(length), $"a slot would have {length} tokens, and there is room for {most}");
    }

    private void Forget()
    {
        foreach (var part in _parts.Values) part.Dispose();
        _parts.Clear();
    }

    private BoundCall Bind(int first, int batch, int sequence, Memory<long> asked)
    {
        static OrtValue Of<T>(Memory<T> memory, params long[] shape)
            where T : unmanaged => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);
        var tokens = batch * sequence;
        OrtValue[] own =
        [
            Of(_ids.AsMemory(0, tokens), batch, sequence),
            Of(_positions.AsMemory(0, tokens), batch, sequence),
            Of(_last.AsMemory(0, batch), batch),
            Of(_total.AsMemory()),
            Of(asked, asked.Length),
        ];
        var vocabulary = _session.Manifest.Vocabulary;
        var logits = Of(_logits.AsMemory(0, asked.Length * vocabulary), asked.Length, vocabulary);
        var cache = _cache.Bind(first, batch);
        return new BoundCall(_session.Bind(own, cache, logits), [.. own, logits, .. cache]);
    }

    private sealed record BoundCall(OrtIoBinding Io, OrtValue[] Values) : IDisposable
    {
        public void Dispose()
        {
            Io.Dispose();
            foreach (var value in Values) value.Dispose();
        }
    }
}
