using System.Buffers.Binary;
using System.Text.Json;

namespace ServeBench.Load.Protobuf;

/// <summary>
/// How a field of bytes stands in JSON, where not in base64: as text, or as a list of numbers, which in the bytes are in little-endian
/// order, one after the other.
/// </summary>
internal sealed class BytesAs
{
    private delegate void ReadNumber(ReadOnlySpan<byte> bytes, Utf8JsonWriter json);

    private delegate bool WriteNumber(JsonElement json, Span<byte> bytes);

    private readonly ReadNumber _read;
    private readonly WriteNumber _write;

    private BytesAs(string name, int size, ReadNumber read, WriteNumber write)
    {
        Name = name;
        Size = size;
        _read = read;
        _write = write;
    }

    /// <summary>Every form, by name.</summary>
    public static IReadOnlyList<BytesAs> All { get; } =
    [
        new("text", 0, (_, _) => { }, (_, _) => false),
        Of("uint8", 1, b => b[0], (j, b) => j.TryGetByte(out b[0])),
        Of("int32", 4, b => BinaryPrimitives.ReadInt32LittleEndian(b), (j, b) =>
            j.TryGetInt32(out var n) && BinaryPrimitives.TryWriteInt32LittleEndian(b, n)),
        Of("int64", 8, b => BinaryPrimitives.ReadInt64LittleEndian(b), (j, b) =>
            j.TryGetInt64(out var n) && BinaryPrimitives.TryWriteInt64LittleEndian(b, n)),
        new("fp16", 2, (b, json) => Real(json, (float)BinaryPrimitives.ReadHalfLittleEndian(b)), (j, b) =>
            j.TryGetSingle(out var n) && BinaryPrimitives.TryWriteHalfLittleEndian(b, (Half)n)),
        new("fp32", 4, (b, json) => Real(json, BinaryPrimitives.ReadSingleLittleEndian(b)), (j, b) =>
            j.TryGetSingle(out var n) && BinaryPrimitives.TryWriteSingleLittleEndian(b, n)),
        new("fp64", 8, (b, json) => Real(json, BinaryPrimitives.ReadDoubleLittleEndian(b)), (j, b) =>
            j.TryGetDouble(out var n) && BinaryPrimitives.TryWriteDoubleLittleEndian(b, n)),
    ];

    /// <summary>The form of 32-bit floating-point numbers.</summary>
    public static BytesAs Singles { get; } = All.Single(f => f.Name == "fp32");

    public string Name { get; }

    /// <summary>Bytes of one number; 0 for text.</summary>
    private int Size { get; }

    /// <summary>Writes bytes as JSON.</summary>
    /// <returns>What is wrong with them; null when nothing is.</returns>
    public string? ToJson(ReadOnlySpan<byte> bytes, Utf8JsonWriter json)
    {
        if (Size == 0)
        {
            if (!System.Text.Unicode.Utf8.IsValid(bytes)) return "bytes that are no UTF-8 text";
            json.WriteStringValue(bytes);
            return null;
        }
        if (bytes.Length % Size != 0) return $"{bytes.Length} bytes, which are not whole numbers of {Name}, {Size} bytes each";
        json.WriteStartArray();
        for (; !bytes.IsEmpty; bytes = bytes[Size..]) _read(bytes[..Size], json);
        json.WriteEndArray();
        return null;
    }

    /// <summary>The bytes for a JSON value: a text; or numbers in a list that may have lists in it, or their bytes in base64.</summary>
    /// <returns>Null when it is not that.</returns>
    public byte[]? ToBytes(JsonElement json)
    {
        if (Size == 0) return json.ValueKind == JsonValueKind.String ? System.Text.Encoding.UTF8.GetBytes(json.GetString()!) : null;
        if (json.ValueKind == JsonValueKind.String)
            return json.TryGetBytesFromBase64(out var given) && given.Length % Size == 0 ? given : null;
        if (json.ValueKind != JsonValueKind.Array) return null;
        using var bytes = new MemoryStream();
        return Write(json, bytes) ? bytes.ToArray() : null;
    }

    private bool Write(JsonElement list, MemoryStream bytes)
    {
        Span<byte> one = stackalloc byte[Size];
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array)
            {
                if (!Write(item, bytes)) return false;
                continue;
            }
            if (item.ValueKind != JsonValueKind.Number || !_write(item, one)) return false;
            bytes.Write(one);
        }
        return true;
    }

    private static BytesAs Of(string name, int size, Func<ReadOnlySpan<byte>, long> read, WriteNumber write) =>
        new(name, size, (bytes, json) => json.WriteNumberValue(read(bytes)), write);

    /// <summary>Numbers that JSON does not have stand there as texts, as in the proto3 mapping.</summary>
    internal static void Real(Utf8JsonWriter json, float number)
    {
        if (float.IsFinite(number)) json.WriteNumberValue(number);
        else Special(json, number);
    }

    /// <inheritdoc cref="Real(Utf8JsonWriter, float)"/>
    internal static void Real(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number)) json.WriteNumberValue(number);
        else Special(json, number);
    }

    private static void Special(Utf8JsonWriter json, double number) =>
        json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
}
