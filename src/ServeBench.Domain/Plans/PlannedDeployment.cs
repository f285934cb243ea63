using ServeBench.Domain.Models;
using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Plans;

/// <summary>One deployment: a contender started afresh, driven through all its cases, and removed.</summary>
public sealed record PlannedDeployment(
    [property: DecidesNothing("part of the fingerprint, and its label counts")] Contender Contender,
    [property: DecidesNothing("part of the fingerprint")] ModelArtifact Model,
    string Host,
    int Trial,
    string Fingerprint,
    IReadOnlyList<Case> Cases)
    : PlannedStep(Contender.Label);
