using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServeBench.Work.Texts;

/// <summary>
/// What every tokenizer.json of the <c>tokenizers</c> library begins with. It neither cuts nor pads: servers that read the published files
/// are known to pad every text to the length that stands in them.
/// </summary>
internal static class TokenizerFile
{
    public const string FileName = "tokenizer.json";

    /// <param name="special">Special tokens with their ids.</param>
    /// <param name="isNormalized">Whether special tokens are looked for in the text after it has been normalised.</param>
    /// <param name="rest">Writes the other members.</param>
    public static byte[] Write(IEnumerable<(int Id, string Token)> special, bool isNormalized, Action<Utf8JsonWriter> rest)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            json.WriteStartArray("added_tokens");
            foreach (var (id, token) in special)
            {
                json.WriteStartObject();
                json.WriteNumber("id", id);
                json.WriteString("content", token);
                foreach (var flag in (string[])["single_word", "lstrip", "rstrip"]) json.WriteBoolean(flag, false);
                json.WriteBoolean("normalized", isNormalized);
                json.WriteBoolean("special", true);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            rest(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>A member whose value is JSON already.</summary>
    public static void WriteRaw(this Utf8JsonWriter json, string member, string value)
    {
        json.WritePropertyName(member);
        json.WriteRawValue(value);
    }
}
