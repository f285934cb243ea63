using System.Globalization;
using ServeBench.Domain.Models;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;
using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Store;

/// <summary>What is to be prepared, with the names that follow from it.</summary>
internal sealed class PreparationPlan
{
    /// <summary>Raised when what these hashes consist of changes; models are then prepared once more.</summary>
    private const int Format = 3;

    public PreparationPlan(ModelCard card, IArchitecture architecture, Checkpoint checkpoint, IPrecision precision)
    {
        Card = card;
        Architecture = architecture;
        Checkpoint = checkpoint;
        Precision = precision;
        Tensors = architecture.Tensors(card.Export);
        var revision = ModelLock.Of(card).Revision;
        Revision = revision.Length > 0 ? revision : null;
        using var hash = new ContentHash();
        hash.Add("format", Format).Add("checkpoint", checkpoint.Identity).AddRecord("card", card).AddRecord("revision", Revision)
            .Add("architecture version", architecture.Version)
            .Add("configuration", architecture.Configuration(card.Export).Select(c => c.Key))
            .Add("precision", precision.Name).Add("operators", GraphBuilder.OperatorSet)
            .Add("manifest", ModelManifest.CurrentSchema);
        Work = architecture.Preparation(this);
        Work?.Identify(hash);
        using var export = new ContentHash();
        ExportKey =
            export.Add("format", Format).AddRecord("export", card.Export).Add("architecture version", architecture.Version).Finish()[..8];
        Variant = $"{checkpoint.Weights}-{precision.Name}-{hash.Finish()[..16]}";
    }

    public ModelCard Card { get; }

    public IArchitecture Architecture { get; }

    /// <summary>What its kind of work needs beside the graph; null where that is nothing.</summary>
    public IWorkPreparation? Work { get; }

    public Checkpoint Checkpoint { get; }

    public IPrecision Precision { get; }

    /// <summary>The commit of the published checkpoint; null while it is not known.</summary>
    public string? Revision { get; }

    public IReadOnlyList<TensorSpec> Tensors { get; }

    /// <summary>Hash of what decides the network's answers beside its weights.</summary>
    public string ExportKey { get; }

    /// <summary>Name of the model's folder.</summary>
    public string Variant { get; }

    /// <summary>
    /// About how much disk the preparation takes: the graph with its weights, the checkpoint where it is not there yet, and what its kind
    /// of work adds.
    /// </summary>
    public long DiskBytes =>
        (long)(Tensors.Sum(t => t.Elements * sizeof(float)) * (Precision.Share + (File.Exists(Checkpoint.Safetensors) ? 0 : 1)))
            + (Work?.DiskBytes ?? 0) + (4 << 20);

    public static string Shown(long bytes) => bytes < 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB");
}
