using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Catalogues;

/// <summary>The plug-ins that catalogue files may name. Composed once, in build/.</summary>
/// <param name="Hosts">Where a stack can run: one reader per host, for its section under <c>hosts:</c> of stack.yaml.</param>
/// <param name="Architectures">What the exporter can build: one reader per architecture, for <c>export:</c> of model.yaml.</param>
/// <param name="Payloads">The kinds of work: one reader each, for <c>payload:</c> of a workload.</param>
public sealed record CatalogueVocabulary(
    IReadOnlyList<ISectionReader> Hosts, IReadOnlyList<ISectionReader> Architectures, IReadOnlyList<IPayloadKind> Payloads)
{
    /// <summary>How requests and answers can travel: one reader per wire format, for <c>transport:</c> of protocol files.</summary>
    public IReadOnlyList<IWireFormatReader> WireFormats { get; init; } = [];

    /// <summary>How a scenario can load a server: one reader per kind, for the levels of scenarios in workload files.</summary>
    public IReadOnlyList<IScenarioKind> Scenarios { get; init; } = ScenarioKinds.All;
}
