using System.Net;
using ServeBench.Domain.Stacks;

namespace ServeBench.Hosts;

/// <summary>Where a deployment answers, by what is asked there. A server with one port answers everything on it.</summary>
public sealed class Endpoints
{
    public const string Http = EndpointNames.Http;
    public const string Grpc = EndpointNames.Grpc;
    public const string Metrics = EndpointNames.Metrics;

    private readonly Dictionary<string, IPEndPoint> _named;

    /// <param name="named">At least one, under one of <see cref="Names"/>.</param>
    public Endpoints(IReadOnlyDictionary<string, IPEndPoint> named)
    {
        if (named.Count == 0 || named.Keys.Except(Names).FirstOrDefault() is not null)
            throw new ArgumentException($"the endpoints of a deployment are of {string.Join(", ", Names)}", nameof(named));
        _named = new Dictionary<string, IPEndPoint>(named);
    }

    public static IReadOnlyList<string> Names => EndpointNames.All;

    /// <summary>The endpoint of that name; of a deployment that has none of its own for it, its first.</summary>
    public IPEndPoint this[string name] => _named.TryGetValue(name, out var endpoint) ? endpoint : _named[Names.First(_named.ContainsKey)];

    /// <summary>One endpoint for everything.</summary>
    public static Endpoints Of(IPEndPoint endpoint) => new(new Dictionary<string, IPEndPoint> { [Http] = endpoint });
}
