using ServeBench.Domain;
using ServeBench.Domain.Models;

namespace ServeBench.Models.Architectures;

/// <summary>The architectures that can be exported.</summary>
public static class KnownArchitectures
{
    public static IReadOnlyList<IArchitecture> All { get; } = Plugins.Of<IArchitecture>(a => a.Name);

    /// <summary>The architecture of a model card; the catalogue has checked that there is one.</summary>
    public static IArchitecture Of(ModelCard card) => All.Single(a => a.Name == card.Architecture);
}
