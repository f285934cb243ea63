using System.Text.Json.Serialization;

namespace ServeBench.Domain.Trials;

/// <summary>What a deployment does with good items that are sent together with a bad one. Never a reason not to time it.</summary>
public sealed record IsolationRecord
{
    /// <summary>Good requests on their way beside a bad one: with it as many as most batchers take at once.</summary>
    public const int Neighbours = 7;

    /// <summary>Whether requests that arrive together are executed together is chance, so it is tried more than once.</summary>
    public const int Rounds = 3;

    /// <summary>The bad item that it refused; null when it refused none.</summary>
    public string? BadItem { get; init; }

    /// <summary>Bad items that it answered as if they were good.</summary>
    public required IReadOnlyList<string> Accepted { get; init; }

    /// <summary>Good requests of one item that were on their way at the same time as a bad one; null when it refused none.</summary>
    public NeighbourCount? Together { get; init; }

    /// <summary>Good items of the same request; null where the protocol has one item a request, or none was refused.</summary>
    public NeighbourCount? InOneRequest { get; init; }

    /// <summary>Whether it answered rightly afterwards; one that did not was restarted.</summary>
    public bool StillAnswers { get; init; } = true;
}

/// <param name="Asked">Good items beside a bad one.</param>
/// <param name="Answered">How many of them were answered rightly.</param>
public sealed record NeighbourCount(int Asked, int Answered)
{
    [JsonIgnore]
    public bool All => Answered == Asked;
}
