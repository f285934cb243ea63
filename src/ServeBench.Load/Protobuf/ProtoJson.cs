using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServeBench.Load.Protobuf;

/// <summary>
/// Turns messages into JSON as the proto3 mapping has it and as k6 hands answers to scripts: names in lower camel case, 64-bit numbers as
/// texts, and fields that have no value with their default. Fields that nobody knows are passed over.
/// </summary>
/// <param name="form">The message.</param>
internal sealed class ProtoJson(ProtoForm form)
{
    private const int MostNested = 64;

    // Text is for people and paths, never inside a web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ProtoValueException">when the bytes are no such message; says where.</exception>
    public byte[] ToJson(ReadOnlyMemory<byte> message)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, Options)) Message(json, form.Type, [message], "", 0);
        return output.ToArray();
    }

    /// <param name="parts">The message; where it came in several parts, they are one after the other (merged).</param>
    private void Message(Utf8JsonWriter json, ProtoMessage type, IReadOnlyList<ReadOnlyMemory<byte>> parts, string at, int depth)
    {
        if (depth > MostNested) throw new ProtoValueException(at, $"messages are nested more than {MostNested} deep");
        var found = new Dictionary<int, List<ProtoValue>>();
        foreach (var part in parts)
        {
            for (var rest = part; !rest.IsEmpty;)
            {
                var value = ProtoValue.Read(ref rest) ?? throw new ProtoValueException(at, "the bytes are no message");
                if (!found.TryGetValue(value.Number, out var values)) found[value.Number] = values = [];
                values.Add(value);
            }
        }
        json.WriteStartObject();
        foreach (var field in type.Fields)
        {
            var values = found.GetValueOrDefault(field.Number);
            if (values is null && field.HasPresence) continue;
            json.WritePropertyName(field.JsonName);
            var place = at.Length == 0 ? field.JsonName : $"{at}.{field.JsonName}";
            if (field.IsMap) Map(json, field, values ?? [], place, depth);
            else if (field.IsRepeated) List(json, field, values ?? [], place, depth);
            else if (values is null) Nothing(json, field);
            else if (field.Kind != ProtoKind.Message) Scalar(json, field, values[^1], place);
            else Message(json, field.Message!, [.. values.Select(v => Delimited(v, place))], place, depth + 1);
        }
        json.WriteEndObject();
    }

    private void List(Utf8JsonWriter json, ProtoField field, List<ProtoValue> values, string at, int depth)
    {
        json.WriteStartArray();
        var i = 0;
        foreach (var value in values)
        {
            if (field.Kind == ProtoKind.Message)
            {
                Message(json, field.Message!, [Delimited(value, at)], $"{at}[{i++}]", depth + 1);
            }
            else if (value.WireType == ProtoKinds.Delimited && field.Kind.WireType() != ProtoKinds.Delimited)
            {
                // Packed: nothing but the numbers.
                for (var rest = value.Bytes; !rest.IsEmpty; i++)
                {
                    var one = ProtoValue.ReadBare(field.Number, field.Kind.WireType(), ref rest)
                        ?? throw new ProtoValueException($"{at}[{i}]", "a number is cut off");
                    Scalar(json, field, one, at);
                }
            }
            else
            {
                Scalar(json, field, value, $"{at}[{i++}]");
            }
        }
        json.WriteEndArray();
    }

    private void Map(Utf8JsonWriter json, ProtoField field, List<ProtoValue> values, string at, int depth)
    {
        json.WriteStartObject();
        var entries = new Dictionary<string, ProtoValue?>();
        var (key, held) = (field.Message!.Fields[0], field.Message.Fields[1]);
        foreach (var value in values)
        {
            var name = key.Kind switch { ProtoKind.String => "", ProtoKind.Bool => "false", _ => "0" };
            ProtoValue? content = null;
            for (var rest = Delimited(value, at); !rest.IsEmpty;)
            {
                var part = ProtoValue.Read(ref rest) ?? throw new ProtoValueException(at, "the bytes are no entry of a map");
                if (part.Number == 1) name = Key(key, part, at);
                else if (part.Number == 2) content = part;
            }
            entries[name] = content;
        }
        foreach (var (name, content) in entries)
        {
            json.WritePropertyName(name);
            var place = $"{at}['{name}']";
            if (content is not { } one) Nothing(json, held);
            else if (held.Kind == ProtoKind.Message) Message(json, held.Message!, [Delimited(one, place)], place, depth + 1);
            else Scalar(json, held, one, place);
        }
        json.WriteEndObject();
    }

    private string Key(ProtoField key, ProtoValue value, string at)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output)) Scalar(json, key, value, at);
        using var document = JsonDocument.Parse(output.ToArray());
        var name = document.RootElement;
        return name.ValueKind == JsonValueKind.String ? name.GetString()! : name.GetRawText();
    }

    private static ReadOnlyMemory<byte> Delimited(ProtoValue value, string at) => value.WireType == ProtoKinds.Delimited
        ? value.Bytes
        : throw new ProtoValueException(at, "a number stands where a message is expected");

    private static void Nothing(Utf8JsonWriter json, ProtoField field)
    {
        switch (field.Kind)
        {
            case ProtoKind.Message:
                json.WriteNullValue();
                break;
            case ProtoKind.String or ProtoKind.Bytes:
                json.WriteStringValue("");
                break;
            case ProtoKind.Bool:
                json.WriteBooleanValue(false);
                break;
            case ProtoKind.Enum:
                json.WriteStringValue(field.Enum!.Values[0].Name);
                break;
            case ProtoKind.Int64 or ProtoKind.UInt64 or ProtoKind.SInt64 or ProtoKind.Fixed64 or ProtoKind.SFixed64:
                json.WriteStringValue("0");
                break;
            default:
                json.WriteNumberValue(0);
                break;
        }
    }

    private void Scalar(Utf8JsonWriter json, ProtoField field, ProtoValue value, string at)
    {
        if (value.WireType != field.Kind.WireType()) throw new ProtoValueException(at, $"the bytes are no {field.Kind}");
        switch (field.Kind)
        {
            case ProtoKind.String:
                if (!System.Text.Unicode.Utf8.IsValid(value.Bytes.Span)) throw new ProtoValueException(at, "a string is not UTF-8");
                json.WriteStringValue(value.Bytes.Span);
                break;
            case ProtoKind.Bytes when form.Bytes.GetValueOrDefault(field) is { } other:
                if (other.ToJson(value.Bytes.Span, json) is { } problem) throw new ProtoValueException(at, problem);
                break;
            case ProtoKind.Bytes:
                json.WriteBase64StringValue(value.Bytes.Span);
                break;
            case ProtoKind.Double:
                BytesAs.Real(json, BinaryPrimitives.ReadDoubleLittleEndian(value.Bytes.Span));
                break;
            case ProtoKind.Float:
                BytesAs.Real(json, BinaryPrimitives.ReadSingleLittleEndian(value.Bytes.Span));
                break;
            case ProtoKind.Fixed64:
                json.WriteStringValue($"{BinaryPrimitives.ReadUInt64LittleEndian(value.Bytes.Span)}");
                break;
            case ProtoKind.SFixed64:
                json.WriteStringValue($"{BinaryPrimitives.ReadInt64LittleEndian(value.Bytes.Span)}");
                break;
            case ProtoKind.Fixed32:
                json.WriteNumberValue(BinaryPrimitives.ReadUInt32LittleEndian(value.Bytes.Span));
                break;
            case ProtoKind.SFixed32:
                json.WriteNumberValue(BinaryPrimitives.ReadInt32LittleEndian(value.Bytes.Span));
                break;
            default:
                Varint(json, field, value.Varint);
                break;
        }
    }

    private static void Varint(Utf8JsonWriter json, ProtoField field, ulong bits)
    {
        switch (field.Kind)
        {
            case ProtoKind.Bool:
                json.WriteBooleanValue(bits != 0);
                break;
            case ProtoKind.Enum when field.Enum!.Values.Any(v => v.Number == (int)bits):
                json.WriteStringValue(field.Enum.Values.First(v => v.Number == (int)bits).Name);
                break;
            case ProtoKind.UInt64:
                json.WriteStringValue($"{bits}");
                break;
            case ProtoKind.Int64:
                json.WriteStringValue($"{(long)bits}");
                break;
            case ProtoKind.SInt64:
                json.WriteStringValue($"{(long)(bits >> 1) ^ -(long)(bits & 1)}");
                break;
            case ProtoKind.UInt32:
                json.WriteNumberValue((uint)bits);
                break;
            case ProtoKind.SInt32:
                json.WriteNumberValue((int)(bits >> 1) ^ -(int)(bits & 1));
                break;
            default:
                json.WriteNumberValue((int)bits);
                break;
        }
    }
}
