using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ServeBench.Models.Inference.Generation;

/// <summary>
/// The keys and values of some sequences, in memory of the process's own: for each layer two tensors [slots, heads, capacity, head size].
/// A call of the graph works on neighbouring slots in place, as its past and its present. Not safe for use by several threads at once.
/// </summary>
public sealed unsafe class KeyValueCache : IDisposable
{
    private const nuint Alignment = 64;

    private readonly float*[] _tensors;
    private readonly void* _block;
    private readonly int _heads;
    private readonly int _headSize;

    /// <param name="layers">Layers of the network.</param>
    /// <param name="heads">Heads of each.</param>
    /// <param name="headSize">Numbers in one head's key.</param>
    /// <param name="slots">Sequences that there is room for.</param>
    /// <param name="capacity">Tokens that each may have.</param>
    public KeyValueCache(int layers, int heads, int headSize, int slots, int capacity)
    {
        (_heads, _headSize, Slots, Capacity) = (heads, headSize, slots, capacity);
        _tensors = new float*[2 * layers];
        // In one block, which the system gives a page at a time as it is written to: slots that nobody used take no memory.
        _block = NativeMemory.AllocZeroed((nuint)Bytes + Alignment);
        var first = ((nuint)_block + Alignment - 1) / Alignment * Alignment;
        for (var i = 0; i < _tensors.Length; i++) _tensors[i] = (float*)first + (i * SlotNumbers * slots);
    }

    public int Slots { get; }

    public int Capacity { get; }

    /// <summary>Bytes of all slots.</summary>
    public long Bytes => SlotNumbers * Slots * _tensors.Length * sizeof(float);

    /// <summary>Bytes that the keys and values of one token take.</summary>
    public static long BytesOfToken(int layers, int heads, int headSize) => 2L * layers * heads * headSize * sizeof(float);

    private long SlotNumbers => (long)_heads * Capacity * _headSize;

    /// <summary>
    /// Takes the memory of all slots at once. Where that was not done, what has never been written costs next to nothing to read: for the
    /// system it is one page of zeros, over and over.
    /// </summary>
    public void Occupy()
    {
        ObjectDisposedException.ThrowIf(_tensors[0] == null, this);
        NativeMemory.Clear(_tensors[0], (nuint)Bytes);
    }

    /// <summary>Copies what a slot holds into another.</summary>
    /// <param name="tokens">How many tokens of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">when there is no such slot, or no room for so many tokens.</exception>
    public void Copy(int from, int into, int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, Slots);
        ArgumentOutOfRangeException.ThrowIfNegative(into);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(into, Slots);
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, Capacity);
        ObjectDisposedException.ThrowIf(_tensors[0] == null, this);
        foreach (var tensor in _tensors)
        {
            for (var head = 0; head < _heads; head++)
            {
                var offset = (long)head * Capacity * _headSize;
                var bytes = (long)tokens * _headSize * sizeof(float);
                Buffer.MemoryCopy(
                    tensor + (from * SlotNumbers) + offset, tensor + (into * SlotNumbers) + offset, bytes, bytes);
            }
        }
    }

    public void Dispose()
    {
        if (_tensors[0] == null) return;
        NativeMemory.Free(_block);
        Array.Clear(_tensors);
    }

    /// <summary>The tensors of neighbouring slots, key and value of each layer in turn; the caller disposes them.</summary>
    internal OrtValue[] Bind(int first, int count)
    {
        ObjectDisposedException.ThrowIf(_tensors[0] == null, this);
        if (first < 0 || count < 1 || first + count > Slots)
            throw new ArgumentOutOfRangeException(nameof(first), $"slots {first} to {first + count - 1} are not among {Slots}");
        long[] shape = [count, _heads, Capacity, _headSize];
        var values = new OrtValue[_tensors.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance,
                TensorElementType.Float,
                shape,
                (nint)(_tensors[i] + (first * SlotNumbers)),
                SlotNumbers * count * sizeof(float));
        return values;
    }
}
