using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServeBench.Models.Tests.Support;

/// <summary>A safetensors file in memory whose tensors can be renamed, converted, added and left out; written without code of the program.</summary>
internal sealed class SafetensorsEditor
{
    public List<(string Name, string Type, long[] Shape, byte[] Data)> Tensors { get; private init; } = [];

    /// <summary>The value of <c>__metadata__</c>, as JSON; null to leave it out.</summary>
    public string? Metadata { get; set; }

    public static SafetensorsEditor Read(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var editor = new SafetensorsEditor();
        foreach (var (name, value) in JsonNode.Parse(file.AsSpan(8, length))!.AsObject().Where(p => p.Key != "__metadata__"))
        {
            var (from, to) = ((int)value!["data_offsets"]![0]!, (int)value["data_offsets"]![1]!);
            editor.Tensors.Add((name, (string)value["dtype"]!, [.. value["shape"]!.AsArray().Select(d => (long)d!)], file[(8 + length + from)..(8 + length + to)]));
        }
        return editor;
    }

    public SafetensorsEditor Rename(Func<string, string> name) => new() { Metadata = Metadata, Tensors = [.. Tensors.Select(t => (name(t.Name), t.Type, t.Shape, t.Data))] };

    /// <summary>Stores every single-precision tensor in another type.</summary>
    public SafetensorsEditor Convert(string type) => new() { Metadata = Metadata, Tensors = [.. Tensors.Select(t => t.Type == "F32" ? (t.Name, type, t.Shape, Converted(t.Data, type)) : t)] };

    public SafetensorsEditor Where(Func<string, bool> keep) => new() { Metadata = Metadata, Tensors = [.. Tensors.Where(t => keep(t.Name))] };

    public byte[] ToBytes()
    {
        var header = new StringBuilder("{");
        if (Metadata is not null) header.Append("\"__metadata__\":").Append(Metadata).Append(',');
        long at = 0;
        foreach (var (name, type, shape, data) in Tensors)
        {
            header.Append($"{JsonSerializer.Serialize(name)}:{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{at},{at + data.Length}]}},");
            at += data.Length;
        }
        header[^1] = '}';
        var json = Encoding.UTF8.GetBytes(header.ToString());
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. Tensors.SelectMany(t => t.Data)];
    }

    private static byte[] Converted(byte[] singles, string type)
    {
        var values = MemoryMarshal.Cast<byte, float>(singles).ToArray();
        return type switch
        {
            "F16" => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, v => (Half)v)).ToArray(),
            "BF16" => MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(values, v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16))).ToArray(),
            "F64" => MemoryMarshal.AsBytes<double>(Array.ConvertAll(values, v => (double)v)).ToArray(),
            "I8" => Array.ConvertAll(values, v => (byte)(sbyte)(v * 100)),
            _ => throw new NotSupportedException(type),
        };
    }
}
