using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace ServeBench.Models.Safetensors;

/// <summary>Writes a safetensors file: the same tensors give the same bytes, whatever machine writes them.</summary>
public static class SafetensorsWriter
{
    /// <summary>Fills a part of one tensor's bytes.</summary>
    /// <param name="tensor">Index into the list of tensors.</param>
    /// <param name="offset">First byte of the part, a multiple of 64.</param>
    /// <param name="part">The bytes to fill.</param>
    public delegate void Fill(int tensor, long offset, Span<byte> part);

    /// <summary>
    /// The data of files that the safetensors library writes begins at a multiple of this; ours begin at <see cref="Alignment"/>.
    /// </summary>
    public const int LibraryAlignment = 8;

    private const int Alignment = 64;

    /// <summary>Bytes handed to <see cref="Fill"/> at once; a multiple of every element size.</summary>
    private const int PartBytes = 1 << 20;

    /// <summary>Writes the header, then asks for the data of each tensor, in order and in parts of bounded size.</summary>
    /// <param name="tensors">Names, types and shapes, in the order of the data.</param>
    /// <param name="alignment">The data begins at a multiple of this many bytes.</param>
    public static void Write(
        Stream output,
        IReadOnlyList<(string Name, TensorType Type, IReadOnlyList<long> Shape)> tensors,
        Fill fill,
        int alignment = Alignment)
    {
        var entries = Layout(tensors);
        output.Write(Header(entries, alignment));
        var buffer = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            for (var t = 0; t < entries.Count; t++)
            {
                for (long offset = 0; offset < entries[t].Length; offset += PartBytes)
                {
                    var part = buffer.AsSpan(0, (int)Math.Min(PartBytes, entries[t].Length - offset));
                    fill(t, offset, part);
                    output.Write(part);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Gives each tensor its place, one after the other.</summary>
    public static IReadOnlyList<SafetensorsEntry> Layout(IReadOnlyList<(string Name, TensorType Type, IReadOnlyList<long> Shape)> tensors)
    {
        var entries = new List<SafetensorsEntry>(tensors.Count);
        long at = 0;
        foreach (var (name, type, shape) in tensors)
        {
            var length = shape.Aggregate((long)type.Size(), (product, dimension) => checked(product * dimension));
            entries.Add(new SafetensorsEntry(name, type, shape, at, length));
            at = checked(at + length);
        }
        return entries;
    }

    /// <summary>The header's length and its JSON, padded with spaces so that the data begins at a multiple of the alignment.</summary>
    private static byte[] Header(IReadOnlyList<SafetensorsEntry> entries, int alignment)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "pt");
            writer.WriteEndObject();
            foreach (var entry in entries)
            {
                writer.WriteStartObject(entry.Name);
                writer.WriteString("dtype", entry.Type.ToString());
                writer.WriteStartArray("shape");
                foreach (var dimension in entry.Shape) writer.WriteNumberValue(dimension);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(entry.Offset);
                writer.WriteNumberValue(entry.Offset + entry.Length);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        var padded = (8 + json.WrittenCount + alignment - 1) / alignment * alignment;
        var header = new byte[padded];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, padded - 8);
        json.WrittenSpan.CopyTo(header.AsSpan(8));
        return header;
    }
}
