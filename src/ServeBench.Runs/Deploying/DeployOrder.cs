using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Work;

namespace ServeBench.Runs.Deploying;

/// <summary>What to deploy, and for whom.</summary>
/// <param name="Work">What it will be asked to do.</param>
/// <param name="Protocols">Each by which it will be loaded, at least one: it is asked by the first whether it is ready, and by
/// all whether it is right.</param>
public sealed record DeployOrder(
    string Id,
    string Fingerprint,
    Contender Contender,
    WorkKind Work,
    ModelArtifact Model,
    IReadOnlyList<Protocol> Protocols,
    int Trial,
    string RunId,
    string LogFile)
{
    /// <summary>Whether bad items are sent among good ones once it is ready; the first deployment of a contender is enough.
    /// A server that was not deployed for this is spared them.</summary>
    public bool TriesBadItems { get; init; } = Trial <= 1 && Contender is { IsTwin: false, Stack.IsEndpoint: false };
}
