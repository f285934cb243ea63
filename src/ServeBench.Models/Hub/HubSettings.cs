using System.Net;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Hub;

/// <summary>Which model hub is asked, and how patiently.</summary>
public sealed record HubSettings
{
    /// <summary>The hub's address; <c>HF_ENDPOINT</c> names another one, such as a mirror.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Sent to the hub alone, never to a host that it redirects to; <c>HF_TOKEN</c>.</summary>
    public string? Token { get; init; }

    /// <summary>The variable that forbids to ask the hub; null when none does.</summary>
    public string? OfflineBecauseOf { get; init; }

    /// <summary>Where the hub's own library keeps what it has downloaded; null when the environment does not say.</summary>
    public string? Cache { get; init; }

    /// <summary>The proxy for addresses beyond this machine; null for the one that the environment names.</summary>
    public IWebProxy? Proxy { get; init; }

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

    /// <summary>
    /// Reads what the hub's own library reads, as it reads it. <c>HF_HUB_OFFLINE</c>, else <c>TRANSFORMERS_OFFLINE</c>: 1, ON, YES
    /// or TRUE in any case. <c>HF_HUB_CACHE</c>, else <c>HUGGINGFACE_HUB_CACHE</c>, else the folder <c>hub</c> of <c>HF_HOME</c>.
    /// <c>HF_ENDPOINT</c>. The token: none where <c>HF_HUB_DISABLE_IMPLICIT_TOKEN</c> is set, <c>HF_TOKEN</c>, else
    /// <c>HUGGING_FACE_HUB_TOKEN</c>, else the file that <c>HF_TOKEN_PATH</c> names, else the file
    /// <c>token</c> of the folder that <c>HF_HOME</c> names. The file that the hub's own tool keeps in the user's home is not
    /// read: nobody has said that it is meant for this program, or for the mirror that HF_ENDPOINT may name.
    /// </summary>
    /// <exception cref="FaultException">naming everything that is wrong.</exception>
    public static HubSettings FromEnvironment(Func<string, string?> variable)
    {
        var faults = new List<Fault>();
        var settings =
            new HubSettings { Token = TokenOf(variable, faults), OfflineBecauseOf = OfflineOf(variable), Cache = CacheOf(variable) };
        if (variable("HF_ENDPOINT") is { Length: > 0 } endpoint)
        {
            var isAddress = Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
                && address.Scheme is "https" or "http"
                && address.Query.Length == 0;
            if (isAddress && address!.UserInfo.Length == 0) settings = settings with { Endpoint = address };
            // The value holds a secret then, and addresses are shown and written down.
            else if (endpoint.Contains('@', StringComparison.Ordinal))
                faults.Add(
                    new Fault(
                        "HF_ENDPOINT",
                        null,
                        null,
                        "the address holds a user's name or password",
                        "Leave them out, and give an access token in HF_TOKEN"));
            else
                faults.Add(
                    new Fault(
                        "HF_ENDPOINT",
                        null,
                        null,
                        $"'{endpoint}' is not an http or https address",
                        "Unset it, or give one such as https://mirror.example"));
        }
        return faults.Count == 0 ? settings : throw new FaultException(faults);
    }

    private static string? OfflineOf(Func<string, string?> variable)
    {
        // An empty variable counts as none, and any other value of the first as a no to the second.
        var name = variable("HF_HUB_OFFLINE") is { Length: > 0 } ? "HF_HUB_OFFLINE" : "TRANSFORMERS_OFFLINE";
        return IsTrue(variable(name)) ? name : null;
    }

    private static string? CacheOf(Func<string, string?> variable)
    {
        foreach (var name in new[] { "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE" })
        {
            if (variable(name) is { Length: > 0 } folder) return folder;
        }
        return variable("HF_HOME") is { Length: > 0 } home ? Path.Combine(home, "hub") : null;
    }

    private static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static string? TokenOf(Func<string, string?> variable, List<Fault> faults)
    {
        if (IsTrue(variable("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) return null;
        var source = variable("HF_TOKEN") is { Length: > 0 } ? "HF_TOKEN" : "HUGGING_FACE_HUB_TOKEN";
        var text = variable(source);
        if (text is not { Length: > 0 })
        {
            var named = variable("HF_TOKEN_PATH") is { Length: > 0 } path ? path : null;
            var file = named ?? (variable("HF_HOME") is { Length: > 0 } home ? Path.Combine(home, "token") : null);
            if (file is null || (named is null && !File.Exists(file))) return null;
            source = file;
            try
            {
                text = File.ReadAllText(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                faults.Add(
                    new Fault(
                        "HF_TOKEN_PATH",
                        null,
                        null,
                        $"the token cannot be read: {e.Message}",
                        "Unset it, or name a file that holds an access token of the hub"));
                return null;
            }
        }
        var token = text.Trim();
        if (token.Length == 0) return null;
        if (token.All(c => c is > ' ' and <= '~')) return token;
        // The value itself is a secret.
        faults.Add(
            new Fault(
                source,
                null,
                null,
                "the token has spaces or characters other than those of ASCII",
                "Copy it from the hub's settings once more"));
        return null;
    }
}
