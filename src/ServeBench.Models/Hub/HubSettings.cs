using ServeBench.Domain.Faults;

namespace ServeBench.Models.Hub;

/// <summary>Which model hub is asked, and how patiently.</summary>
public sealed record HubSettings
{
    /// <summary>The hub's address; <c>HF_ENDPOINT</c> names another one, such as a mirror.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Sent to the hub alone, never to a host that it redirects to; <c>HF_TOKEN</c>.</summary>
    public string? Token { get; init; }

    /// <summary>Ranges of a file that are fetched at the same time.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>Bytes in a range.</summary>
    public int RangeBytes { get; init; } = 8 << 20;

    /// <summary>How often a request is tried before it has failed.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Wait before the second attempt; it doubles with each further one, and is shortened at random by up to a half.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait; a server that asks for more is not waited for.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection may take to be made.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing may arrive before a connection is given up.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads <c>HF_ENDPOINT</c> and <c>HF_TOKEN</c>.</summary>
    /// <exception cref="FaultException">when the endpoint is no address.</exception>
    public static HubSettings FromEnvironment(Func<string, string?> variable)
    {
        var settings = new HubSettings { Token = variable("HF_TOKEN") is { Length: > 0 } token ? token.Trim() : null };
        if (variable("HF_ENDPOINT") is not { Length: > 0 } endpoint) return settings;
        if (Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "https" or "http") return settings with { Endpoint = address };
        throw new FaultException(new Fault("HF_ENDPOINT", null, null, $"'{endpoint}' is not an http or https address", "Unset it, or give one such as https://mirror.example"));
    }
}
