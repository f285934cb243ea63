using System.Text.Json.Serialization;

namespace ServeBench.Models.Store;

/// <summary>As <see cref="ManifestJson"/>.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClassificationManifest))]
internal sealed partial class ClassificationJson : JsonSerializerContext
{
    public static ClassificationJson Readable { get; } = new(ManifestJson.NewOptions());
}
