using System.Net;

namespace ServeBench.Hosts;

/// <summary>Where a deployment answers, by what is asked there. A server with one port answers everything on it.</summary>
public sealed class Endpoints
{
    /// <summary>Requests over HTTP, server-sent events and WebSocket.</summary>
    public const string Http = "http";

    /// <summary>Calls of gRPC.</summary>
    public const string Grpc = "grpc";

    /// <summary>The server's own counters.</summary>
    public const string Metrics = "metrics";

    private readonly Dictionary<string, IPEndPoint> _named;

    /// <param name="named">At least one, under one of <see cref="Names"/>.</param>
    public Endpoints(IReadOnlyDictionary<string, IPEndPoint> named)
    {
        if (named.Count == 0 || named.Keys.Except(Names).FirstOrDefault() is not null)
            throw new ArgumentException($"the endpoints of a deployment are of {string.Join(", ", Names)}", nameof(named));
        _named = new Dictionary<string, IPEndPoint>(named);
    }

    /// <summary>The first is the one that stands in where another is not declared.</summary>
    public static IReadOnlyList<string> Names { get; } = [Http, Grpc, Metrics];

    /// <summary>The endpoint of that name; of a deployment that has none of its own for it, its first.</summary>
    public IPEndPoint this[string name] => _named.TryGetValue(name, out var endpoint) ? endpoint : _named[Names.First(_named.ContainsKey)];

    /// <summary>One endpoint for everything.</summary>
    public static Endpoints Of(IPEndPoint endpoint) => new(new Dictionary<string, IPEndPoint> { [Http] = endpoint });
}
