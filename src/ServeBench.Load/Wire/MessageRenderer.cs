using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Encoding;

namespace ServeBench.Load.Wire;

/// <summary>Turns a JSON template and a payload's variables into the bytes of a JSON value.</summary>
/// <param name="protocol">Name of the protocol, for faults.</param>
/// <param name="template">The template.</param>
/// <param name="key">Where the protocol's file has it, for faults.</param>
/// <param name="singles">Placeholders whose 32-bit numbers are written as their bytes, in base64; null for none.</param>
internal sealed class MessageRenderer(string protocol, JsonTemplate template, string key, IReadOnlySet<JsonTemplate>? singles = null)
{
    // Text goes out as UTF-8, as clients send it, not as escapes that would make requests longer.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="FaultException">when the template asks for a variable that the payload does not give.</exception>
    public byte[] Render(PayloadVariables payload)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, WriterOptions)) Write(writer, template, payload);
        return bytes.ToArray();
    }

    /// <param name="name">The variable.</param>
    /// <param name="payload">Where it is looked for.</param>
    /// <param name="protocol">Name of the protocol, for the fault.</param>
    /// <param name="key">Where the protocol's file asks for it.</param>
    /// <exception cref="FaultException">when the payload does not give it.</exception>
    internal static JsonNode Value(string name, PayloadVariables payload, string protocol, string key) =>
        payload.TryGet(name, out var value) ? value
        : name == ProtocolReader.ItemsVariable ? JsonValue.Create(payload.Items)
        : throw new FaultException(new Fault(
            $"k6/protocols/{protocol}.yaml", null, key, $"${{{name}}} has no value for a request of {payload.Items} items",
            $"This payload gives: {string.Join(", ", payload.Names)}"));

    private void Write(Utf8JsonWriter writer, JsonTemplate part, PayloadVariables payload)
    {
        switch (part)
        {
            case JsonObjectTemplate o:
                writer.WriteStartObject();
                foreach (var (name, value) in o.Members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value, payload);
                }
                writer.WriteEndObject();
                break;
            case JsonArrayTemplate a:
                writer.WriteStartArray();
                foreach (var item in a.Items) Write(writer, item, payload);
                writer.WriteEndArray();
                break;
            case JsonLiteralTemplate literal:
                writer.WriteRawValue(literal.Json);
                break;
            case JsonPlaceholderTemplate placeholder:
                var given = Value(placeholder.Name, payload, protocol, key);
                if (singles?.Contains(part) == true && given is JsonValue leaf && leaf.TryGetValue<float[]>(out var numbers))
                    writer.WriteBase64StringValue(MemoryMarshal.AsBytes<float>(numbers));
                else given.WriteTo(writer);
                break;
            default:
                throw new NotSupportedException($"{part.GetType().Name} has no JSON form");
        }
    }
}
