using ServeBench.Domain.Models;
using ServeBench.Models.Architectures.Classification;

namespace ServeBench.Models.Architectures;

/// <summary>The architectures that can be exported.</summary>
public static class KnownArchitectures
{
    public static IReadOnlyList<IArchitecture> All { get; } = 
        [new BertEncoder(), new ResNet(), new MobileNetV2(), new MobileNetV3Small()];

    /// <summary>The architecture of a model card; the catalogue has checked that there is one.</summary>
    public static IArchitecture Of(ModelCard card) => All.Single(a => a.Name == card.Architecture);
}
