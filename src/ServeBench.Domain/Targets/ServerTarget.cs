using System.Net;

namespace ServeBench.Domain.Targets;

/// <summary>
/// Where requests go, and what a server there asks of each: a server of ours is an address and nothing else; one that runs already may
/// have a name, a path, a certificate, headers and signatures. It may hold secrets: it is never stored, and its text has none of them.
/// </summary>
/// <param name="Address">The address that is connected to.</param>
public sealed record ServerTarget(IPEndPoint Address)
{
    /// <summary>How requests name it, <c>host:port</c>; its address where it has no name.</summary>
    public string Authority { get; init; } = $"{Address}";

    /// <summary>The same, always with the port.</summary>
    public string HostAndPort =>
        Authority.EndsWith($":{Address.Port}", StringComparison.Ordinal) ? Authority : $"{Authority}:{Address.Port}";

    /// <summary>What stands before every path, without a slash at its end; empty for nothing.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>The path of every request, whatever its protocol says; null where protocols say it.</summary>
    public string? WholePath { get; init; }

    /// <summary>Null for a connection without TLS.</summary>
    public TlsTrust? Tls { get; init; }

    /// <summary>Sent with every request.</summary>
    public IReadOnlyList<SecretHeader> Headers { get; init; } = [];

    /// <summary>With what every request is signed; null where none is.</summary>
    public AwsSigning? Signing { get; init; }

    /// <summary>What it calls the model; null where it calls it as its card does.</summary>
    public string? Model { get; init; }

    /// <summary>Requests per second that it may be sent at most; null for no bound.</summary>
    public double? MostPerSecond { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme => Tls is null ? "http" : "https";

    public static implicit operator ServerTarget(IPEndPoint address) => new(address);

    public override string ToString() => Authority;
}
