using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServeBench.Models.Hub;

namespace ServeBench.Models.Store;

/// <summary>How the store's files are written as JSON: indented, camelCase, absent when null, without reflection at start-up.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(PartialNote))]
[JsonSerializable(typeof(ModelLock))]
[JsonSerializable(typeof(HubFailure[]))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    /// <summary>The context to use: as <see cref="Default"/>, with ordinary characters left unescaped.</summary>
    public static ManifestJson Readable { get; } = new(NewOptions());

    /// <summary>The same for the contexts of manifests that kinds of work derive: options belong to one context.</summary>
    public static JsonSerializerOptions NewOptions() => new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A null in a file that was damaged is found here, not where it is used.
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
