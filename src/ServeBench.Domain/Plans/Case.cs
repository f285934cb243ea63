using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Plans;

/// <summary>The unit of measurement: one workload at one level, on one contender, in one trial.</summary>
public sealed record Case
{
    [DecidesNothing("part of the fingerprint")]
    public required Workload Workload { get; init; }

    [DecidesNothing("part of the fingerprint")]
    public required Scenario Scenario { get; init; }

    [DecidesNothing("part of the fingerprint")]
    public required LoadShape Shape { get; init; }

    [DecidesNothing("part of the fingerprint")]
    public required Protocol Protocol { get; init; }

    [DecidesNothing("part of the fingerprint")]
    public required Contender Contender { get; init; }

    [DecidesNothing("part of the fingerprint")]
    public required ModelArtifact Model { get; init; }

    public required string Host { get; init; }

    /// <summary>From 1; each trial is a fresh deployment.</summary>
    public required int Trial { get; init; }

    /// <summary>True when the run's second driver measures what another case of the same deployment has the first one measure.</summary>
    public bool IsDriverCheck { get; init; }

    /// <summary>Hash of everything that decides its result; equal fingerprints mean that a stored result can be reused.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>For people and for logs: <c>mixed-length/sweep c16 on onnxruntime-dotnet, trial 2</c>.</summary>
    public override string ToString() =>
        $"{Workload.Name}/{Scenario.Name} {Shape.Id} on {Contender.Label}, trial {Trial}{(IsDriverCheck ? ", by the second driver" : "")}";
}
