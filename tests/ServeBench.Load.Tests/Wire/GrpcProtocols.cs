using ServeBench.Domain.Protocols;
using ServeBench.Load.Tests.K6;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

/// <summary>Protocols over gRPC, read from files as the catalogue would.</summary>
internal static class GrpcProtocols
{
    /// <summary>The repository's own: text in, vectors out, in the bytes of a tensor.</summary>
    public static Protocol OpenInference { get; } =
        CatalogueFile.Read(Path.Combine(Repository.Root, "k6", "protocols", "open-inference-grpc.yaml"), f => ProtocolReader.Read(f, [new TextsOnly()], WireFormats.All));

    /// <summary>A protocol in a folder of its own, with its .proto.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="proto">The text of a.proto.</param>
    /// <param name="sections">The sections of its YAML.</param>
    public static Protocol Read(string folder, string proto, params string[] sections)
    {
        File.WriteAllText(Path.Combine(folder, "a.proto"), proto);
        var file = Path.Combine(folder, "p.yaml");
        File.WriteAllText(file, string.Join('\n', ["name: p", "title: P", "specification: https://example.org", "payload: text", "transport: grpc", .. sections, ""]));
        return CatalogueFile.Read(file, f => ProtocolReader.Read(f, [new TextsOnly()], WireFormats.All));
    }
}
