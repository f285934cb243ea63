using ServeBench.Domain.Storage;

namespace ServeBench.Hosts.Endpoint;

/// <summary>A server that runs already, as the user names it. It holds no secret: those are looked up when it is asked.</summary>
/// <param name="Name">What it is called in results.</param>
/// <param name="Url">Where it answers, <c>http</c> or <c>https</c>, without a slash at its end.</param>
/// <param name="Stack">The folder of <c>src/stacks</c> that says what it is.</param>
public sealed record NamedEndpoint(string Name, string Url, string Stack)
{
    /// <summary>Where its counters are; null for none.</summary>
    public string? Counters { get; init; }

    /// <summary>Headers that are sent to it.</summary>
    public IReadOnlyList<HeaderSource> Headers { get; init; } = [];

    /// <summary>Absolute path of the file with the authorities that issue its certificate; null for those of this system.</summary>
    public string? CaFile { get; init; }

    /// <summary>What it calls the model; null where it calls it as its card does.</summary>
    public string? Model { get; init; }

    /// <summary>Requests per second that it may be sent at most; null for no bound.</summary>
    public double? MostPerSecond { get; init; }

    /// <summary>Whether its answers have to be those of the model that was named.</summary>
    public bool ComparesAnswers { get; init; }

    [DecidesNothing("the same as the address")]
    public Uri Address => new(Url);
}

/// <summary>A header whose value is in an environment variable.</summary>
/// <param name="Name">The header.</param>
/// <param name="Before">What its value has before the variable's: <c>Bearer </c>.</param>
/// <param name="Variable">The variable.</param>
public sealed record HeaderSource(string Name, string Before, string Variable)
{
    /// <summary>In a form that is not taken for a secret itself where secrets are taken out of texts.</summary>
    public override string ToString() => $"header {Name} from the variable {Variable}";
}
