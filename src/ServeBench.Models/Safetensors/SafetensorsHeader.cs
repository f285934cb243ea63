using System.Text;
using System.Text.Json;

namespace ServeBench.Models.Safetensors;

/// <summary>
/// The header of a safetensors file (https://huggingface.co/docs/safetensors): a JSON object that names each tensor with its
/// type, shape and byte range. Files come from outside, so everything the header claims is checked before it is believed:
/// the ranges must tile the data section exactly, without gap, overlap or rest, which also rules out polyglot files.
/// </summary>
public static class SafetensorsHeader
{
    /// <summary>The reference implementation's limit; headers of real checkpoints have a few megabytes at most.</summary>
    public const long MaximumBytes = 100_000_000;

    private const int MaximumDimensions = 16;

    private static readonly Dictionary<string, TensorType> Types =
        Enum.GetValues<TensorType>().Where(t => t != TensorType.Other).ToDictionary(t => t.ToString(), StringComparer.Ordinal);

    /// <summary>Checks a header and lists its tensors in the order of their data.</summary>
    /// <param name="json">The header, without the eight bytes of its length.</param>
    /// <param name="dataLength">Bytes of the data section: what follows the header in the file.</param>
    /// <exception cref="InvalidDataException">says what is wrong and with which tensor.</exception>
    public static IReadOnlyList<SafetensorsEntry> Parse(ReadOnlySpan<byte> json, long dataLength) => Parse(json, dataLength, out _);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, long)"/>
    /// <param name="metadata">The texts of <c>__metadata__</c>; anything else in it is passed over, for nothing here depends on it.</param>
    public static IReadOnlyList<SafetensorsEntry> Parse(
        ReadOnlySpan<byte> json, long dataLength, out IReadOnlyDictionary<string, string> metadata)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        metadata = texts;
        if (json.IsEmpty || json[0] != (byte)'{') throw new InvalidDataException("the header does not begin with {");
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (!names.Add(name)) throw new InvalidDataException($"the tensor '{name}' is there twice");
                reader.Read();
                if (name == "__metadata__") ReadMetadata(ref reader, texts);
                else entries.Add(ReadEntry(ref reader, name, dataLength));
            }
            // Only padding may follow the object; the reader throws on anything else.
            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            throw new InvalidDataException($"the header is not the JSON object that the format asks for: {e.Message}", e);
        }
        entries.Sort((a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.Length.CompareTo(b.Length));
        CheckTiling(entries, dataLength);
        return entries;
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> into)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String) into[name] = reader.GetString()!;
            else reader.Skip();
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name, long dataLength)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new InvalidDataException($"the tensor '{name}' is not described by an object");
        string? typeName = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            switch (key)
            {
                case "dtype" when typeName is null && reader.TokenType == JsonTokenType.String:
                    typeName = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, "shape", MaximumDimensions);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, "data_offsets", 2);
                    break;
                default:
                    throw new InvalidDataException(
                        $"the tensor '{name}' has a key '{key}' that is unknown, there twice, or of the wrong type");
            }
        }
        if (typeName is null || shape is null || offsets is null)
            throw new InvalidDataException($"the tensor '{name}' lacks one of dtype, shape and data_offsets");
        var type = Types.GetValueOrDefault(typeName, TensorType.Other);
        if (offsets.Count != 2)
            throw new InvalidDataException($"the tensor '{name}' has {offsets.Count} data_offsets where two are needed");
        if (offsets[0] > offsets[1] || offsets[1] > dataLength)
            throw new InvalidDataException(
                $"the tensor '{name}' claims bytes {offsets[0]} to {offsets[1]} of a data section of {dataLength}");
        var length = offsets[1] - offsets[0];
        var bytes = ByteCount(shape, type == TensorType.Other ? 1 : type.Size());
        // How many bytes a type takes that is not known cannot be checked.
        if (type == TensorType.Other ? bytes < 0 : bytes != length)
            throw new InvalidDataException($"the tensor '{name}' is {typeName}[{string.Join(", ", shape)}] but has {length} bytes");
        return new SafetensorsEntry(name, type, shape, offsets[0], length) { TypeName = type == TensorType.Other ? typeName : null };
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key, int most)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new InvalidDataException($"{key} of the tensor '{name}' is not an array");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw new InvalidDataException($"{key} of the tensor '{name}' holds something other than whole numbers from 0");
            if (numbers.Count == most) throw new InvalidDataException($"{key} of the tensor '{name}' has more than {most} numbers");
            numbers.Add(number);
        }
        return numbers;
    }

    /// <returns>Bytes of a tensor, or -1 when they cannot be counted in 64 bits.</returns>
    private static long ByteCount(List<long> shape, long size)
    {
        var bytes = size;
        foreach (var dimension in shape)
        {
            // A zero further on cannot excuse a product that no file could hold.
            if (dimension > 0 && bytes > long.MaxValue / dimension) return -1;
            bytes *= dimension;
        }
        return bytes;
    }

    private static void CheckTiling(List<SafetensorsEntry> entries, long dataLength)
    {
        long at = 0;
        foreach (var entry in entries)
        {
            if (entry.Offset != at)
                throw new InvalidDataException(
                    $"the tensor '{entry.Name}' begins at byte {entry.Offset} of the data where {at} was due: "
                        + $"tensors {(entry.Offset < at ? "overlap" : "leave a gap")}");
            at += entry.Length;
        }
        if (at != dataLength) throw new InvalidDataException($"the tensors cover {at} bytes of a data section of {dataLength}");
    }
}
