using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.K6;

/// <summary>Protocols that no stack speaks yet, read as the catalogue would.</summary>
internal static class StreamedProtocols
{
    public static string Folder => Path.Combine(Repository.Root, "tests", "ServeBench.Load.Tests", "K6", "Protocols");

    public static Protocol Get(string name) => CatalogueReader.ReadProtocol(Path.Combine(Folder, $"{name}.yaml"), [new TextsOnly()], WireFormats.All);
}
