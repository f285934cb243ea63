using System.Runtime.InteropServices;
using System.Text;

namespace ServeBench.Models.Tests.Generation;

/// <summary>Reads a GGUF file as its specification says, independently of the writer.</summary>
internal sealed class GgufFile
{
    private readonly byte[] _bytes;
    private readonly long _data;

    public GgufFile(byte[] bytes)
    {
        _bytes = bytes;
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        Assert.Equal("GGUF", Encoding.ASCII.GetString(reader.ReadBytes(4)));
        Assert.Equal(3u, reader.ReadUInt32());
        var (tensors, entries) = (reader.ReadUInt64(), reader.ReadUInt64());
        for (var i = 0ul; i < entries; i++) Metadata.Add(Text(reader), Value(reader, reader.ReadUInt32()));
        for (var i = 0ul; i < tensors; i++)
        {
            var name = Text(reader);
            var dimensions = new ulong[reader.ReadUInt32()];
            for (var d = 0; d < dimensions.Length; d++) dimensions[d] = reader.ReadUInt64();
            Tensors.Add(name, (dimensions, reader.ReadUInt32(), reader.ReadUInt64()));
        }
        _data = (reader.BaseStream.Position + 31) / 32 * 32;
        Assert.All(Tensors.Values, t => Assert.Equal(0ul, t.Offset % 32));
    }

    public Dictionary<string, object> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Dimensions (innermost first), type and offset of each.</summary>
    public Dictionary<string, (ulong[] Dimensions, uint Type, ulong Offset)> Tensors { get; } = new(StringComparer.Ordinal);

    public float[] Values(string name)
    {
        var (dimensions, type, offset) = Tensors[name];
        var count = (int)dimensions.Aggregate(1ul, (a, b) => a * b);
        var from = _bytes.AsSpan((int)_data + (int)offset);
        switch (type)
        {
            case 0: return MemoryMarshal.Cast<byte, float>(from)[..count].ToArray();
            case 1: return Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(from)[..count].ToArray(), h => (float)h);
            default:
                Assert.Equal(8u, type);
                var values = new float[count];
                for (var i = 0; i < count; i++)
                {
                    var block = from.Slice(i / 32 * 34, 34);
                    values[i] = (float)MemoryMarshal.Read<Half>(block) * (sbyte)block[2 + (i % 32)];
                }
                return values;
        }
    }

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object Value(BinaryReader reader, uint type) => type switch
    {
        4 => reader.ReadUInt32(),
        5 => reader.ReadInt32(),
        6 => reader.ReadSingle(),
        7 => reader.ReadByte() != 0,
        8 => Text(reader),
        9 => Values(reader),
        _ => throw new InvalidDataException($"type {type}"),
    };

    private static object[] Values(BinaryReader reader)
    {
        var type = reader.ReadUInt32();
        var values = new object[reader.ReadUInt64()];
        for (var i = 0; i < values.Length; i++) values[i] = Value(reader, type);
        return values;
    }
}
