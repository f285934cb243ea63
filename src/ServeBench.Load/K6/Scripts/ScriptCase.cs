using ServeBench.Domain.Plans;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Wire;

namespace ServeBench.Load.K6.Scripts;

/// <summary>What decides one generated k6 script, but for the payloads and arrivals that lie beside it.</summary>
public sealed record ScriptCase
{
    /// <summary>For people, one line: <c>mixed-length, sweep: 16 in flight</c>.</summary>
    public required string Title { get; init; }

    /// <summary>What the case asks, one line.</summary>
    public required string Question { get; init; }

    /// <summary>Name of the protocol.</summary>
    public required string Protocol { get; init; }

    public required WireFormat Wire { get; init; }

    public required LoadShape Shape { get; init; }

    /// <summary>Fixed length of the warm-up, seconds: k6 cannot tell when a server has settled.</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>Load before and after the window, seconds.</summary>
    public required double MarginSeconds { get; init; }

    public required double MeasureSeconds { get; init; }

    /// <summary>Requests in flight while an open loop's server warms up; a closed loop warms up with its own.</summary>
    public required int WarmUpConcurrency { get; init; }

    public required TimeSpan Deadline { get; init; }

    /// <summary>Becomes a threshold; null for none.</summary>
    public TimeSpan? LatencyP95 { get; init; }

    /// <summary>Largest share of failed requests, 0 to 1; becomes a threshold. Null for none.</summary>
    public double? ErrorRate { get; init; }

    /// <summary>What the stack says that its answers mean; none where their status says it.</summary>
    public IReadOnlyList<OutcomeRule> Rules { get; init; } = [];

    /// <summary>Address used unless the environment names another.</summary>
    public string Host { get; init; } = "127.0.0.1:8080";

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Headers of the server's own, with the variables of the script's environment that their values are in.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> SecretHeaders { get; init; } = [];

    /// <summary>Requests per second that k6 is to send at most; null for no bound.</summary>
    public double? MostPerSecond { get; init; }

    /// <summary>Name of the script's own file, for the comment that says how to run it.</summary>
    public required string File { get; init; }

    /// <summary>Name of the payload file beside the script.</summary>
    public required string PayloadFile { get; init; }

    /// <summary>Name of the file beside the script that says which payload each request draws.</summary>
    public required string DrawFile { get; init; }

    /// <summary>Name of the arrival file beside the script; used by Poisson arrivals only.</summary>
    public required string ArrivalFile { get; init; }

    /// <summary>Whether bodies are bytes that are not text, in base64.</summary>
    public bool Binary { get; init; }

    /// <summary>Whether payloads differ in their path; it is then beside each.</summary>
    public bool OwnPaths { get; init; }

    /// <summary>The path of every request where they do not differ, filled in; null for the protocol's as it is written.</summary>
    public string? Path { get; init; }

    /// <summary>Whether payloads differ in headers that depend on the body; they are then beside each.</summary>
    public bool OwnHeaders { get; init; }

    /// <summary>Headers that depend on the body, where all bodies give the same.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> SharedHeaders { get; init; } = [];
}
