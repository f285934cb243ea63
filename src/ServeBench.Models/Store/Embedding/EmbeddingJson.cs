using System.Text.Json.Serialization;

namespace ServeBench.Models.Store;

/// <summary>As <see cref="ManifestJson"/>.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(EmbeddingManifest))]
internal sealed partial class EmbeddingJson : JsonSerializerContext
{
    public static EmbeddingJson Readable { get; } = new(ManifestJson.NewOptions());
}
