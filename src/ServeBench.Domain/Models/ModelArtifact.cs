using ServeBench.Domain.Faults;

namespace ServeBench.Domain.Models;

/// <summary>A model as it lies on disk after export: what every stack of a run serves.</summary>
public sealed record ModelArtifact
{
    /// <summary>Name of the model card it was made from.</summary>
    public required string Model { get; init; }

    /// <summary><c>seeded</c>, <c>pretrained</c> or <c>package</c>; printed wherever a number of this model is.</summary>
    public required string Weights { get; init; }

    /// <summary>Why these weights, in a few words for tables and reports; no result's identity depends on it.</summary>
    public required string WeightsReason { get; init; }

    /// <summary>The evidence for that reason (address, attempts, what the network said); null where there is none.</summary>
    public string? WeightsDetail { get; init; }

    /// <summary>What the weights are stored as: <c>fp32</c>, <c>fp16</c>, <c>int8</c>.</summary>
    public string Precision { get; init; } = Precisions.Single;

    /// <summary>What this precision keeps of the model's quality; null where the weights are not trained, for then there is none.</summary>
    public QualityRecord? Quality { get; init; }

    /// <summary>What this precision costs in quality, in a few words; null where it costs nothing or that is not known.</summary>
    public string? QualityBrief { get; init; }

    /// <summary>SHA-256 of the ONNX file, lower-case hexadecimal: the identity of what is served.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Absolute path of the folder with everything below.</summary>
    public required string Folder { get; init; }

    /// <summary>The ONNX graph, relative to <see cref="Folder"/>.</summary>
    public required string OnnxFile { get; init; }

    /// <summary>The weights that the graph was made from, relative to <see cref="Folder"/>.</summary>
    public required string SafetensorsFile { get; init; }

    /// <summary>The same weights as GGUF, relative to <see cref="Folder"/>; null where the model has no such file.</summary>
    public string? GgufFile { get; init; }

    /// <summary>The file that a stack is given, relative to <see cref="Folder"/>.</summary>
    /// <param name="format">One of <see cref="ModelFormats"/>.</param>
    /// <exception cref="RunFailedException">when the model has none of that format.</exception>
    public string File(string format) => format switch
    {
        ModelFormats.Onnx => OnnxFile,
        ModelFormats.Safetensors => SafetensorsFile,
        _ => GgufFile ?? throw new RunFailedException(
            $"{Model} has no GGUF file: its architecture is none that the models stage writes as one",
            "Choose another model for this stack"),
    };

    /// <summary>Number of trained parameters.</summary>
    public required long Parameters { get; init; }
}
