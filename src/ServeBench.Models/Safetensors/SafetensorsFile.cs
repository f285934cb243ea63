using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Safetensors;

/// <summary>
/// A safetensors file mapped into memory: tensors are read in place, nothing is copied. Safe to use from several threads;
/// spans must not outlive the file.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _data;
    private bool _closed;

    private SafetensorsFile(MemoryMappedFile mapping, MemoryMappedViewAccessor view, byte* data, TensorDirectory directory)
    {
        Directory = directory;
        _mapping = mapping;
        _view = view;
        _data = data;
    }

    public string Path => Directory.Path;

    /// <summary>The tensors by their names.</summary>
    public TensorDirectory Directory { get; }

    /// <summary>Every tensor, in the order of the data.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors => Directory.Tensors;

    /// <summary>Maps a file and checks its header completely.</summary>
    /// <exception cref="RunFailedException">when the file cannot be read or is not a well-formed safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length < 8) throw new InvalidDataException($"the file has {length} bytes, fewer than the 8 that state the header's length");
            var mapping = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            MemoryMappedViewAccessor? view = null;
            byte* start = null;
            try
            {
                view = mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
                view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
                var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(start, 8));
                if (headerLength > SafetensorsHeader.MaximumBytes)
                    throw new InvalidDataException(
                        $"the header claims {headerLength} bytes; the limit is {SafetensorsHeader.MaximumBytes}");
                if ((long)headerLength > length - 8)
                    throw new InvalidDataException($"the header claims {headerLength} bytes; the file has {length - 8} after its length");
                var data = start + 8 + headerLength;
                var tensors = SafetensorsHeader.Parse(
                    new ReadOnlySpan<byte>(start + 8, (int)headerLength), length - 8 - (long)headerLength, out var metadata);
                return new SafetensorsFile(mapping, view, data, new TensorDirectory(path, tensors, metadata));
            }
            catch
            {
                // A pointer that is not given back keeps the file mapped for ever.
                if (start != null) view!.SafeMemoryMappedViewHandle.ReleasePointer();
                view?.Dispose();
                mapping.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"{path} cannot be used as a safetensors file: {e.Message}",
                "Delete it and run the same command again to make or download it again",
                e);
        }
    }

    /// <returns>The tensor's entry, or null when there is none of that name.</returns>
    public SafetensorsEntry? Find(string name) => Directory.Find(name);

    /// <summary>The elements of a tensor, in place.</summary>
    /// <typeparam name="T"><see cref="float"/> for F32, <see cref="Half"/> for F16, <see cref="ushort"/> for BF16 bits,
    /// <see cref="double"/> for F64, <see cref="long"/> for I64, or <see cref="byte"/> for the bytes of any.</typeparam>
    /// <exception cref="ArgumentException">when the tensor is not one of this file, is of another type, or is too long for a
    /// span.</exception>
    public ReadOnlySpan<T> Elements<T>(SafetensorsEntry tensor) where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (!ReferenceEquals(Directory.Find(tensor.Name), tensor))
            throw new ArgumentException($"{tensor.Name} is not a tensor of {Path}", nameof(tensor));
        var fits = typeof(T) == typeof(byte) || tensor.Type switch
        {
            TensorType.F32 => typeof(T) == typeof(float),
            TensorType.F16 => typeof(T) == typeof(Half),
            TensorType.BF16 => typeof(T) == typeof(ushort),
            TensorType.I64 => typeof(T) == typeof(long),
            TensorType.F64 => typeof(T) == typeof(double),
            _ => false,
        };
        if (!fits)
            throw new ArgumentException($"{tensor.Name} of {Path} is {tensor}, which cannot be read as {typeof(T).Name}", nameof(tensor));
        var count = tensor.Length / sizeof(T);
        if (count > int.MaxValue)
            throw new ArgumentException($"{tensor.Name} of {Path} has {count} elements, more than one span can hold", nameof(tensor));
        return new ReadOnlySpan<T>(_data + tensor.Offset, (int)count);
    }

    /// <summary>Copies bytes of a tensor of any type and length.</summary>
    /// <param name="offset">The first, counted from the tensor's beginning.</param>
    public void CopyBytes(SafetensorsEntry tensor, long offset, Span<byte> into)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (!ReferenceEquals(Directory.Find(tensor.Name), tensor))
            throw new ArgumentException($"{tensor.Name} is not a tensor of {Path}", nameof(tensor));
        if (offset < 0 || offset > tensor.Length - into.Length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{tensor.Name} has {tensor.Length} bytes");
        new ReadOnlySpan<byte>(_data + tensor.Offset + offset, into.Length).CopyTo(into);
    }

    /// <summary>Copies a floating-point tensor into single precision, whatever precision it is stored in.</summary>
    /// <param name="into">As many elements as the tensor has.</param>
    public void CopySingles(SafetensorsEntry tensor, Span<float> into)
    {
        if (into.Length != tensor.Elements)
            throw new ArgumentException($"{tensor.Name} has {tensor.Elements} elements, the span {into.Length}", nameof(into));
        switch (tensor.Type)
        {
            case TensorType.F32:
                Elements<float>(tensor).CopyTo(into);
                break;
            case TensorType.F16:
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(Elements<Half>(tensor), into);
                break;
            case TensorType.BF16:
                WidenBrainFloats(Elements<ushort>(tensor), into);
                break;
            case TensorType.F64:
                System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<double, float>(Elements<double>(tensor), into);
                break;
            default:
                throw new ArgumentException($"{tensor.Name} of {Path} is {tensor}, not a floating-point tensor", nameof(tensor));
        }
    }

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapping.Dispose();
    }

    private static void WidenBrainFloats(ReadOnlySpan<ushort> from, Span<float> into)
    {
        // A bfloat16 is the upper half of a single.
        for (var i = 0; i < from.Length; i++) into[i] = BitConverter.UInt32BitsToSingle((uint)from[i] << 16);
    }
}
