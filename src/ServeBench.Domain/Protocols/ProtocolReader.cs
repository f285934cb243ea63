using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Protocols;

/// <summary>Reads k6/protocols/&lt;name&gt;.yaml: what all protocols have; the wire format reads the rest.</summary>
public static class ProtocolReader
{
    /// <summary>What a template calls the number of items in a request; every request has it.</summary>
    public const string ItemsVariable = "items";

    public static Protocol Read(YamlMapping file, IReadOnlyList<IPayloadKind> payloads, IReadOnlyList<IWireFormatReader> wireFormats)
    {
        var kind = file.OneOf("payload", [.. payloads.Select(p => p.Name)]);
        var payload = payloads.FirstOrDefault(p => p.Name == kind);
        string[] variables = ["model", ItemsVariable, .. payload?.Variables ?? []];
        var name = file.OneOf("transport", [.. wireFormats.Select(w => w.Name)]);
        var reader = wireFormats.FirstOrDefault(w => w.Name == name);
        var protocol = new Protocol
        {
            Name = file.Text("name"),
            Title = file.Text("title"),
            Specification = file.Text("specification"),
            Payload = kind,
            Wire = reader?.Read(file, variables, payload?.AnswerValues ?? []) ?? Unknown(file),
        };
        file.Done();
        return protocol;
    }

    /// <summary>Passes over the sections of a wire format that nobody knows, which is said already.</summary>
    private static UnknownWireFormat Unknown(YamlMapping file)
    {
        file.Node("request");
        file.Node("response");
        return new UnknownWireFormat();
    }

    /// <summary>Stands for a wire format in a file that has faults, so that all of them are found.</summary>
    private sealed class UnknownWireFormat : IWireFormat
    {
        public string Name => "";

        public bool HasTextEvents => true;
    }
}
