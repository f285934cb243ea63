using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Catalogues;

/// <summary>Everything that the catalogue files say, cross-checked. Lists are in ordinal order of name.</summary>
public sealed record Catalogue(
    CatalogueFolders Folders,
    IReadOnlyList<ModelCard> Models,
    IReadOnlyList<Stack> Stacks,
    IReadOnlyList<Protocol> Protocols,
    IReadOnlyList<Workload> Workloads,
    IReadOnlyList<Profile> Profiles)
{
    /// <summary>The groups that have at least one workload.</summary>
    public IReadOnlyList<string> Groups { get; } = Workloads.Select(w => w.Group).Distinct().Order(StringComparer.Ordinal).ToArray();

    public Protocol Protocol(string name) => Protocols.Single(p => p.Name == name);

    public Profile Profile(string name) => Profiles.Single(p => p.Name == name);

    public ModelCard Model(string name) => Models.Single(m => m.Name == name);

    public Stack Stack(string name) => Stacks.Single(s => s.Name == name);
}
