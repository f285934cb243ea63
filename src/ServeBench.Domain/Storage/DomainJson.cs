using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;

namespace ServeBench.Domain.Storage;

/// <summary>
/// How records are written as JSON: indented, camelCase, absent when null, without reflection at start-up. Every text passes
/// <see cref="Redaction"/>: what servers, engines and files of others say may hold a secret, whichever record it ends in.
/// </summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TrialRecord))]
[JsonSerializable(typeof(DeploymentRecord))]
[JsonSerializable(typeof(CeilingRecord))]
[JsonSerializable(typeof(CalibrationRecord))]
[JsonSerializable(typeof(RunManifest))]
[JsonSerializable(typeof(ImportedRecord))]
[JsonSerializable(typeof(ModelArtifact))]
[JsonSerializable(typeof(ImageRecord))]
[JsonSerializable(typeof(IReadOnlyList<BaseImageRecord>))]
public sealed partial class DomainJson : JsonSerializerContext
{
    /// <summary>The context to use: as <see cref="Default"/>, with ordinary characters left unescaped.</summary>
    public static DomainJson Readable { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new RedactedText() },
    });
}
