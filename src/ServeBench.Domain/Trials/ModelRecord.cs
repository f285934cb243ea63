using ServeBench.Domain.Models;

namespace ServeBench.Domain.Trials;

public sealed record ModelRecord
{
    public required string Name { get; init; }
    public required string Title { get; init; }
    public required string Weights { get; init; }
    public required string WeightsReason { get; init; }

    /// <summary>The evidence for that reason; null where there is none.</summary>
    public string? WeightsDetail { get; init; }
    public required string Sha256 { get; init; }
    public required string Repository { get; init; }
    public required string Revision { get; init; }
    public required string Licence { get; init; }
    public required long Parameters { get; init; }

    /// <summary>What each precision of the run keeps of the model's quality; null or empty where the weights are not trained.</summary>
    public IReadOnlyList<QualityRecord>? Quality { get; init; }
}
