using System.Text.Json;
using System.Text.Json.Serialization;
using ServeBench.Domain.Faults;

namespace ServeBench.Domain.Storage;

/// <summary>Writes texts without the secrets in them; reads them as they are.</summary>
internal sealed class RedactedText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Redaction.Of(value));

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(Redaction.Of(value));
}
