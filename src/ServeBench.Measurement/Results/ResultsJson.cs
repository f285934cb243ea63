using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServeBench.Measurement.Results;

/// <summary>How results.json is written: indented, camelCase, enumerations as words, absent when null.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunResults))]
public sealed partial class ResultsJson : JsonSerializerContext
{
    /// <summary>The context to use: as <see cref="Default"/>, with ordinary characters left unescaped.</summary>
    public static ResultsJson Readable { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Write(RunResults results) => JsonSerializer.Serialize(results, Readable.RunResults) + "\n";

    /// <exception cref="JsonException">when the text is not results.json of this schema.</exception>
    public static RunResults Read(string json) =>
        JsonSerializer.Deserialize(json, Readable.RunResults) ?? throw new JsonException("the file holds null");
}
