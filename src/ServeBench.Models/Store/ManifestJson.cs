using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServeBench.Models.Hub;

namespace ServeBench.Models.Store;

/// <summary>How the store's files are written as JSON: indented, camelCase, absent when null, without reflection at start-up.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(PartialNote))]
[JsonSerializable(typeof(ModelLock))]
[JsonSerializable(typeof(AutomaticChoice))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    /// <summary>The context to use: as <see cref="Default"/>, with ordinary characters left unescaped.</summary>
    public static ManifestJson Readable { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
