using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Load.Tests.K6;

/// <summary>Protocols that no stack speaks yet, read as the catalogue would.</summary>
internal static class StreamedProtocols
{
    public static string Folder => Path.Combine(Repository.Root, "tests", "ServeBench.Load.Tests", "K6", "Protocols");

    public static Protocol Get(string name) => CatalogueReader.ReadProtocol(Path.Combine(Folder, $"{name}.yaml"), [new Texts()]);

    /// <summary>The kind of work whose payloads they carry.</summary>
    private sealed class Texts : IPayloadKind
    {
        public string Name => "text";

        public IReadOnlyList<string> Variables { get; } = ["texts", "text"];

        public IReadOnlyList<LimitKey> Limits => [];

        public PayloadSpec Read(YamlMapping section) => throw new NotSupportedException("no workload is read here");
    }
}
