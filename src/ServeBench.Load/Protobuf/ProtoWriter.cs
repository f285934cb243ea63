using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using ServeBench.Domain.Faults;

namespace ServeBench.Load.Protobuf;

/// <summary>
/// Turns JSON into messages as the proto3 mapping has it. Fields go out in the order of the JSON; those that are null, or zero where zero
/// means nothing, do not go out.
/// </summary>
/// <param name="form">The message.</param>
internal sealed class ProtoWriter(ProtoForm form)
{
    /// <summary>Bytes for the number of a field and its wire type, or for one number.</summary>
    private const int MostVarint = 10;

    /// <exception cref="ProtoValueException">when the JSON is no such message; says where.</exception>
    public byte[] Write(JsonElement json)
    {
        var output = new ArrayBufferWriter<byte>();
        Message(output, form.Type, json, "");
        return output.WrittenSpan.ToArray();
    }

    private void Message(ArrayBufferWriter<byte> output, ProtoMessage type, JsonElement json, string at)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Wrong(at, json, $"an object ({type.Name})");
        var oneofs = new HashSet<string>();
        foreach (var member in json.EnumerateObject())
        {
            var place = at.Length == 0 ? member.Name : $"{at}.{member.Name}";
            var field = type.Find(member.Name) ?? throw new ProtoValueException(
                place, $"{type.Name} has no such field. {NearestName.Remedy(member.Name, [.. type.Fields.Select(f => f.Name)])}");
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            if (field.Oneof is { } oneof && !oneofs.Add(oneof))
                throw new ProtoValueException(place, $"the oneof {oneof} has a value already");
            if (field.IsMap) Map(output, field, member.Value, place);
            else if (field.IsRepeated) List(output, field, member.Value, place);
            else One(output, field, member.Value, place, field.HasPresence);
        }
    }

    private void Map(ArrayBufferWriter<byte> output, ProtoField field, JsonElement json, string at)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Wrong(at, json, "an object");
        var (key, value) = (field.Message!.Fields[0], field.Message.Fields[1]);
        foreach (var member in json.EnumerateObject())
        {
            var entry = new ArrayBufferWriter<byte>();
            var place = $"{at}['{member.Name}']";
            using (var name = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(member.Name)))
            {
                // A bool as a key is a text, as all keys are.
                if (key.Kind == ProtoKind.Bool)
                {
                    if (member.Name is not ("true" or "false")) throw Wrong(place, name.RootElement, "true or false");
                    Tag(entry, key, ProtoKinds.Varint);
                    Varint(entry, member.Name == "true" ? 1u : 0u);
                }
                else
                {
                    One(entry, key, name.RootElement, place, writesZero: true);
                }
            }
            One(entry, value, member.Value, place, writesZero: true);
            Delimited(output, field, entry.WrittenSpan);
        }
    }

    private void List(ArrayBufferWriter<byte> output, ProtoField field, JsonElement json, string at)
    {
        if (json.ValueKind != JsonValueKind.Array) throw Wrong(at, json, "an array");
        if (field.Kind.WireType() == ProtoKinds.Delimited || field.IsUnpacked)
        {
            var i = 0;
            foreach (var item in json.EnumerateArray()) One(output, field, item, $"{at}[{i++}]", writesZero: true);
            return;
        }
        var packed = new ArrayBufferWriter<byte>();
        var n = 0;
        foreach (var item in json.EnumerateArray())
        {
            if (!Scalar(packed, field, item, out _)) throw Wrong(n, at, item, field);
            n++;
        }
        if (packed.WrittenCount > 0) Delimited(output, field, packed.WrittenSpan);
    }

    /// <param name="writesZero">Whether a value that is zero or empty goes out as well.</param>
    private void One(ArrayBufferWriter<byte> output, ProtoField field, JsonElement json, string at, bool writesZero)
    {
        switch (field.Kind)
        {
            case ProtoKind.Message:
                var inner = new ArrayBufferWriter<byte>();
                Message(inner, field.Message!, json, at);
                Delimited(output, field, inner.WrittenSpan);
                return;
            case ProtoKind.String:
                if (json.ValueKind != JsonValueKind.String) throw Wrong(at, json, "a string");
                var text = System.Text.Encoding.UTF8.GetBytes(json.GetString()!);
                if (writesZero || text.Length > 0) Delimited(output, field, text);
                return;
            case ProtoKind.Bytes:
                var bytes = Bytes(field, json, at);
                if (writesZero || bytes.Length > 0) Delimited(output, field, bytes);
                return;
        }
        var number = new ArrayBufferWriter<byte>(MostVarint);
        if (!Scalar(number, field, json, out var isZero)) throw Wrong(at, json, Expected(field));
        if (isZero && !writesZero) return;
        Tag(output, field, field.Kind.WireType());
        output.Write(number.WrittenSpan);
    }

    private byte[] Bytes(ProtoField field, JsonElement json, string at)
    {
        if (form.Bytes.GetValueOrDefault(field) is { } other)
            return other.ToBytes(json) ?? throw Wrong(at, json, other.Name == "text" ? "a string" : $"a list of numbers ({other.Name})");
        if (json.ValueKind != JsonValueKind.String) throw Wrong(at, json, "base64 in a string");
        if (json.TryGetBytesFromBase64(out var bytes)) return bytes;
        // The mapping allows the other alphabet as well, and that the end is not filled up.
        var text = json.GetString()!.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        var filled = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var decoded = new byte[filled.Length / 4 * 3];
        return Convert.TryFromBase64String(filled, decoded, out var count)
            ? decoded[..count]
            : throw new ProtoValueException(at, "the string is not base64");
    }

    /// <returns>False when the value is not of that kind.</returns>
    private static bool Scalar(ArrayBufferWriter<byte> output, ProtoField field, JsonElement json, out bool isZero)
    {
        isZero = false;
        switch (field.Kind)
        {
            case ProtoKind.Bool:
                if (json.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return false;
                isZero = json.ValueKind == JsonValueKind.False;
                Varint(output, isZero ? 0u : 1u);
                return true;
            case ProtoKind.Double or ProtoKind.Float:
                if (!Real(json, out var real)) return false;
                isZero = BitConverter.DoubleToInt64Bits(real) == 0;
                if (field.Kind == ProtoKind.Double) BinaryPrimitives.WriteDoubleLittleEndian(Take(output, 8), real);
                else
                    BinaryPrimitives.WriteSingleLittleEndian(
                        Take(output, 4), json.ValueKind == JsonValueKind.Number ? json.GetSingle() : (float)real);
                return true;
            case ProtoKind.Enum when json.ValueKind == JsonValueKind.String:
                var name = json.GetString();
                foreach (var (word, number) in field.Enum!.Values)
                {
                    if (word != name) continue;
                    isZero = number == 0;
                    Varint(output, (ulong)number);
                    return true;
                }
                return false;
            default:
                if (!Whole(json, out var whole)) return false;
                isZero = whole == 0;
                return Integer(output, field.Kind, whole);
        }
    }

    /// <returns>False when it is out of range.</returns>
    private static bool Integer(ArrayBufferWriter<byte> output, ProtoKind kind, decimal whole)
    {
        (decimal least, decimal most) = kind switch
        {
            ProtoKind.UInt64 or ProtoKind.Fixed64 => (0m, (decimal)ulong.MaxValue),
            ProtoKind.UInt32 or ProtoKind.Fixed32 => (0m, uint.MaxValue),
            ProtoKind.Int64 or ProtoKind.SInt64 or ProtoKind.SFixed64 => (long.MinValue, long.MaxValue),
            _ => (int.MinValue, int.MaxValue),
        };
        if (whole < least || whole > most) return false;
        var bits = least < 0 ? (ulong)(long)whole : (ulong)whole;
        switch (kind)
        {
            case ProtoKind.Fixed64 or ProtoKind.SFixed64:
                BinaryPrimitives.WriteUInt64LittleEndian(Take(output, 8), bits);
                break;
            case ProtoKind.Fixed32 or ProtoKind.SFixed32:
                BinaryPrimitives.WriteUInt32LittleEndian(Take(output, 4), (uint)bits);
                break;
            case ProtoKind.SInt32 or ProtoKind.SInt64:
                Varint(output, (bits << 1) ^ (ulong)((long)bits >> 63));
                break;
            default:
                Varint(output, bits);
                break;
        }
        return true;
    }

    private static bool Whole(JsonElement json, out decimal whole)
    {
        whole = 0;
        if (json.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)) return false;
        var text = json.ValueKind == JsonValueKind.String ? json.GetString() : json.GetRawText();
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out whole) && decimal.Truncate(whole) == whole;
    }

    private static bool Real(JsonElement json, out double real)
    {
        if (json.ValueKind == JsonValueKind.Number) return json.TryGetDouble(out real);
        real = 0;
        if (json.ValueKind != JsonValueKind.String) return false;
        var text = json.GetString();
        if (text is not ("NaN" or "Infinity" or "-Infinity"))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out real);
        real = text == "NaN" ? double.NaN : text == "Infinity" ? double.PositiveInfinity : double.NegativeInfinity;
        return true;
    }

    private static void Delimited(ArrayBufferWriter<byte> output, ProtoField field, ReadOnlySpan<byte> bytes)
    {
        Tag(output, field, ProtoKinds.Delimited);
        Varint(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    private static void Tag(ArrayBufferWriter<byte> output, ProtoField field, int wireType) =>
        Varint(output, ((ulong)field.Number << 3) | (uint)wireType);

    private static void Varint(ArrayBufferWriter<byte> output, ulong value)
    {
        var bytes = output.GetSpan(MostVarint);
        var count = 0;
        for (; value >= 0x80; value >>= 7) bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        output.Advance(count);
    }

    private static Span<byte> Take(ArrayBufferWriter<byte> output, int count)
    {
        var bytes = output.GetSpan(count)[..count];
        output.Advance(count);
        return bytes;
    }

    private static string Expected(ProtoField field) => field.Kind switch
    {
        ProtoKind.Enum => $"one of {string.Join(", ", field.Enum!.Values.Select(v => v.Name))}",
        _ => $"a value of {field.Kind.ToString().ToLowerInvariant()}",
    };

    private static ProtoValueException Wrong(int index, string at, JsonElement json, ProtoField field) =>
        Wrong($"{at}[{index}]", json, Expected(field));

    private static ProtoValueException Wrong(string at, JsonElement json, string expected)
    {
        const int most = 40;
        var text = json.GetRawText();
        return new ProtoValueException(at, $"{(text.Length > most ? $"{text[..most]}..." : text)} stands where {expected} is expected");
    }
}
