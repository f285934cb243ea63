namespace ServeBench.Domain.Protocols;

/// <summary>One k6/protocols/&lt;name&gt;.yaml: how to speak to a server. Drivers turn it into bytes; k6 scripts into JavaScript.</summary>
public sealed record Protocol
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>Where the protocol is specified.</summary>
    public required string Specification { get; init; }

    /// <summary>The kind of payload it carries, for example <c>text</c>: a workload can use it when the kinds are equal.</summary>
    public required string Payload { get; init; }

    /// <summary>How its requests and answers travel.</summary>
    public required IWireFormat Wire { get; init; }
}
