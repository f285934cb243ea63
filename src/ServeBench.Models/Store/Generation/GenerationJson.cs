using System.Text.Json.Serialization;

namespace ServeBench.Models.Store;

/// <summary>As <see cref="ManifestJson"/>.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(GenerationManifest))]
internal sealed partial class GenerationJson : JsonSerializerContext
{
    public static GenerationJson Readable { get; } = new(ManifestJson.NewOptions());
}
