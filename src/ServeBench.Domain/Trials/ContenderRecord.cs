using ServeBench.Domain.Stacks;

namespace ServeBench.Domain.Trials;

public sealed record ContenderRecord
{
    public required string Label { get; init; }
    public required string Stack { get; init; }
    public required bool IsTwin { get; init; }
    public required string Title { get; init; }
    public required string Summary { get; init; }
    public required string Track { get; init; }

    /// <summary>What the track sets and why; absent in runs of before there was more than one.</summary>
    public string? TrackSummary { get; init; }

    public required string Precision { get; init; }
    public required int Complexity { get; init; }
    public required string ComplexityWhy { get; init; }

    /// <summary>Hash of the stack's folder and of the programs it runs.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Its container image; null where it does not run in a container.</summary>
    public ImageRecord? Image { get; init; }

    /// <summary>What is known of a server that ran already; null where it is deployed for the run.</summary>
    public EndpointRecord? Endpoint { get; init; }

    /// <summary>Its caches of answers, as its stack says; null in runs of before that was kept.</summary>
    public IReadOnlyList<CacheHabit>? Caches { get; init; }

    /// <summary>
    /// Whether it listens on every interface whatever it is told, as its stack says; null in runs of before that was kept.
    /// </summary>
    public bool? ListensEverywhere { get; init; }

    /// <summary>The cores it was confined to.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }
}
