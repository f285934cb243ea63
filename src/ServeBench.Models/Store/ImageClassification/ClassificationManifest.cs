using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Store;

/// <summary>
/// model.json of a model that gives an image a score for each class. Its graph takes <c>pixels</c>, float [batch, 3, size, size], which
/// are prepared, or <c>image</c>, uint8 [batch, height, width, 3], which it prepares itself; it gives <c>logits</c> or
/// <c>probabilities</c>, float [batch, classes], and where it chooses the best these as <c>scores</c>, float, with their <c>classes</c>,
/// int64, both [batch, top].
/// </summary>
public sealed record ClassificationManifest : ModelManifest
{
    /// <summary>The graph's input of prepared pixels.</summary>
    public const string Pixels = "pixels";

    /// <summary>The graph's input of decoded images.</summary>
    public const string Image = "image";

    /// <summary>The graph's output where it ends before the softmax, and the value of <see cref="Output"/> then.</summary>
    public const string Logits = "logits";

    /// <summary>The graph's output where it ends with a softmax, and the value of <see cref="Output"/> then.</summary>
    public const string Probabilities = "probabilities";

    /// <summary>The graph's output of the best scores, where it chooses them.</summary>
    public const string Scores = "scores";

    /// <summary>The graph's output of the classes that belong to <see cref="Scores"/>.</summary>
    public const string BestClasses = "classes";

    [JsonConstructor]
    public ClassificationManifest()
    {
    }

    /// <summary>What is known of every model, and what is known of this kind.</summary>
    [SetsRequiredMembers]
    internal ClassificationManifest(
        ModelManifest general,
        ManifestImageInput input,
        int classes,
        string output,
        int top,
        IReadOnlyList<ClassificationReference> references)
        : base(general) =>
        (Input, Classes, Output, Top, References) = (input, classes, output, top, references);

    /// <summary>What is done to an image, and where.</summary>
    [JsonPropertyOrder(1)]
    public required ManifestImageInput Input { get; init; }

    /// <summary>How many classes there are.</summary>
    [JsonPropertyOrder(1)]
    public required int Classes { get; init; }

    /// <summary>What the scores are: <c>logits</c>, or <c>probabilities</c>.</summary>
    [JsonPropertyOrder(1)]
    public required string Output { get; init; }

    /// <summary>How many classes the graph chooses, best first; 0 where it gives the scores of all only, in their order.</summary>
    [JsonPropertyOrder(1)]
    public int Top { get; init; }

    /// <summary>
    /// What is added to a channel's variance in batch normalisation, for servers that build the network themselves.
    /// </summary>
    [JsonPropertyOrder(1)]
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Images and the logits that every stack must reproduce, computed in double precision without any runtime.</summary>
    [JsonPropertyOrder(2)]
    public required IReadOnlyList<ClassificationReference> References { get; init; }

    /// <summary>Whether servers can be asked for the logits of all classes.</summary>
    [JsonIgnore]
    public bool GivesLogits => Top == 0 && Output == Logits;

    /// <summary>Whether a model is of this kind, as far as its graph says.</summary>
    public static bool IsOf(ModelManifest manifest) =>
        manifest.Inputs.Any(i => i.Name is Pixels or Image) && manifest.Outputs.Any(o => o.Name is Logits or Probabilities);

    /// <inheritdoc cref="ModelManifest.Read(string)"/>
    /// <exception cref="RunFailedException">also when it is the manifest of a model that classifies no images.</exception>
    public static new ClassificationManifest Read(string folder)
    {
        try
        {
            var manifest = Read(folder, ClassificationJson.Readable.ClassificationManifest);
            return manifest.Fault() is { } fault ? throw new JsonException(fault) : manifest;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Says what is wrong with a file that is no manifest at all.
            var general = ModelManifest.Read(folder);
            throw new RunFailedException(
                $"The model {general.Model} in {folder} classifies no images: {e.Message}",
                "Give a model of the group that is served, prepared by `./build.sh --target=Models`",
                e);
        }
    }

    private protected override string ToJson() => JsonSerializer.Serialize(this, ClassificationJson.Readable.ClassificationManifest);

    /// <summary>What cannot be true of any such model, so that nobody computes with it; null when there is nothing.</summary>
    private string? Fault()
    {
        if (Classes < 1) return $"classes is {Classes}; at least 1 is needed";
        if (Top < 0 || Top > Classes) return $"top is {Top}; it must be from 0 to the {Classes} classes";
        if (Output is not (Logits or Probabilities)) return $"output is '{Output}'; it must be {Logits} or {Probabilities}";
        var input = Input.PreparesInside ? Image : Pixels;
        if (Inputs.All(i => i.Name != input)) return $"the graph has no input '{input}', which its preparation '{Input.Preparation}' needs";
        return Input.Fault();
    }
}
