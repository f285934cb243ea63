using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace ServeBench.Models.Gguf;

/// <summary>
/// Writes a GGUF file, version 3 (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): a header, entries of metadata, the tensors'
/// names and places, and their data, each aligned to 32 bytes. One tensor is in memory at a time.
/// </summary>
internal static class GgufWriter
{
    private const int Version = 3;
    private const int Alignment = 32;

    /// <summary>The numbers of the format for types of values.</summary>
    private const uint UInt32 = 4, Int32 = 5, Float32 = 6, Bool = 7, String = 8, Array = 9;

    /// <param name="metadata">Keys with a <see cref="uint"/>, <see cref="float"/>, <see cref="bool"/>, <see cref="string"/>, or a list of
    /// texts or of ints.</param>
    /// <param name="tensors">In the order of their data.</param>
    public static void Write(Stream output, IReadOnlyList<(string Key, object Value)> metadata, IReadOnlyList<GgufTensor> tensors)
    {
        using var header = new MemoryStream();
        using (var writer = new BinaryWriter(header, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write("GGUF"u8);
            writer.Write(Version);
            writer.Write((long)tensors.Count);
            writer.Write((long)metadata.Count);
            foreach (var (key, value) in metadata) WriteEntry(writer, key, value);
            long offset = 0;
            foreach (var tensor in tensors)
            {
                WriteText(writer, tensor.Name);
                writer.Write(tensor.Shape.Count);
                foreach (var dimension in tensor.Shape.Reverse()) writer.Write(dimension);
                writer.Write((uint)tensor.Type);
                writer.Write(offset);
                offset = Aligned(offset + tensor.Bytes);
            }
        }
        header.SetLength(Aligned(header.Length));
        header.WriteTo(output);
        foreach (var tensor in tensors)
        {
            var bytes = Stored(tensor);
            output.Write(bytes);
            output.Write(new byte[Aligned(bytes.Length) - bytes.Length]);
        }
    }

    /// <summary>
    /// Quantises to blocks of 32: the scale, the largest magnitude / 127 in half precision, then each element over the unrounded scale,
    /// rounded with halves away from zero, as ggml's reference does it.
    /// </summary>
    /// <param name="values">A multiple of 32.</param>
    internal static byte[] Quantised(ReadOnlySpan<float> values)
    {
        var bytes = new byte[GgufType.Q8_0.Bytes(values.Length)];
        for (var block = 0; block < values.Length / GgufTypes.BlockElements; block++)
        {
            var from = values.Slice(block * GgufTypes.BlockElements, GgufTypes.BlockElements);
            var into = bytes.AsSpan(block * GgufTypes.BlockBytes, GgufTypes.BlockBytes);
            var scale = MathF.Abs(TensorPrimitives.MaxMagnitude(from)) / 127;
            var inverse = scale == 0 ? 0 : 1 / scale;
            BinaryPrimitives.WriteHalfLittleEndian(into, (Half)scale);
            for (var i = 0; i < from.Length; i++)
                into[2 + i] = (byte)(sbyte)MathF.Round(from[i] * inverse, MidpointRounding.AwayFromZero);
        }
        return bytes;
    }

    private static byte[] Stored(GgufTensor tensor)
    {
        var values = tensor.Values();
        if (values.Length != tensor.Elements)
            throw new InvalidOperationException($"{tensor.Name} gave {values.Length} elements where {tensor.Elements} were announced");
        if (tensor.Type == GgufType.F32) return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        if (tensor.Type == GgufType.Q8_0) return Quantised(values);
        var halves = new byte[2 * values.Length];
        TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(halves.AsSpan()));
        return halves;
    }

    private static void WriteEntry(BinaryWriter writer, string key, object value)
    {
        WriteText(writer, key);
        switch (value)
        {
            case uint number:
                writer.Write(UInt32);
                writer.Write(number);
                break;
            case float number:
                writer.Write(Float32);
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(Bool);
                writer.Write(flag);
                break;
            case string text:
                writer.Write(String);
                WriteText(writer, text);
                break;
            case IReadOnlyList<string> texts:
                writer.Write(Array);
                writer.Write(String);
                writer.Write((long)texts.Count);
                foreach (var text in texts) WriteText(writer, text);
                break;
            case IReadOnlyList<int> numbers:
                writer.Write(Array);
                writer.Write(Int32);
                writer.Write((long)numbers.Count);
                foreach (var number in numbers) writer.Write(number);
                break;
            default:
                throw new ArgumentException($"{key}: a {value.GetType().Name} cannot be written", nameof(value));
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;
}
