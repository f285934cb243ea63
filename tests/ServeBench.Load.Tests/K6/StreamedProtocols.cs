using ServeBench.Domain.Protocols;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.K6;

/// <summary>Protocols that no stack speaks yet, read as the catalogue would.</summary>
internal static class StreamedProtocols
{
    public static string Folder => Path.Combine(Repository.Root, "tests", "ServeBench.Load.Tests", "K6", "Protocols");

    public static Protocol Get(string name) => CatalogueFile.Read(Path.Combine(Folder, $"{name}.yaml"), f => ProtocolReader.Read(f, [new TextsOnly()], WireFormats.All));
}
