namespace ServeBench.Domain.Stacks;

/// <summary>What a server's ports are asked for. A server with one port answers everything on it.</summary>
public static class EndpointNames
{
    /// <summary>Requests over HTTP, server-sent events and WebSocket.</summary>
    public const string Http = "http";

    /// <summary>Calls of gRPC.</summary>
    public const string Grpc = "grpc";

    /// <summary>The server's own counters.</summary>
    public const string Metrics = "metrics";

    /// <summary>The section of a stack's hosts for servers that run already.</summary>
    public const string Host = "endpoint";

    /// <summary>The first is used where another is not declared.</summary>
    public static IReadOnlyList<string> All { get; } = [Http, Grpc, Metrics];
}
