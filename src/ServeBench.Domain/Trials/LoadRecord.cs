namespace ServeBench.Domain.Trials;

/// <summary>How the load was made.</summary>
public sealed record LoadRecord
{
    /// <summary><c>closed</c> or <c>open</c>.</summary>
    public required string Loop { get; init; }

    /// <summary>Requests in flight; null in an open loop and in a ramp.</summary>
    public int? Concurrency { get; init; }

    /// <summary><c>constant</c> or <c>poisson</c>; null in a closed loop and in a ramp.</summary>
    public string? Arrivals { get; init; }

    /// <summary>Requests per second that the schedule asks; null in a closed loop and in a ramp.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>How the load changed over the window; null when it did not.</summary>
    public RampRecord? Ramp { get; init; }

    /// <summary>
    /// How the largest rate under the objective was searched; null where no rate was. The samples are then those of the probe
    /// that <see cref="SearchRecord.Shown"/> names.
    /// </summary>
    public SearchRecord? Search { get; init; }

    /// <summary>The load as a shape, which knows its words and its schedule.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Plans.LoadShape Shape => Plans.LoadShape.Of(this);

    /// <summary>Items (texts) in every request.</summary>
    public required int ItemsPerRequest { get; init; }

    public required int DistinctPayloads { get; init; }

    /// <summary>Mean bytes of the request bodies.</summary>
    public required double MeanRequestBytes { get; init; }

    public required long PayloadSeed { get; init; }

    public required long ArrivalSeed { get; init; }

    public required double DeadlineSeconds { get; init; }

    /// <summary>Latency objective on p95 in seconds, or null.</summary>
    public double? ObjectiveP95Seconds { get; init; }

    /// <summary>Objective on p95 of the time to a streamed answer's first token in seconds, or null.</summary>
    public double? ObjectiveTtftP95Seconds { get; init; }

    /// <summary>Objective on p95 of the gaps between the pieces of streamed answers in seconds, or null.</summary>
    public double? ObjectiveItlP95Seconds { get; init; }

    /// <summary>What streamed answers are counted in: <c>tokens</c>; null where answers are whole, or nobody counts.</summary>
    public string? StreamUnit { get; init; }

    /// <summary>Mean tokens of the inputs of the requests that were sent; null where nobody asks.</summary>
    public double? MeanPromptTokens { get; init; }

    /// <summary>Largest share of failed requests that the workload allows, 0 to 1.</summary>
    public required double ObjectiveErrorRate { get; init; }

    /// <summary>Requests per second that the server was to be sent at most; null for no bound.</summary>
    public double? MostPerSecond { get; init; }

    /// <summary>True where the schedule asked for more than that, and was cut; null where it did not.</summary>
    public bool? IsCut { get; init; }

    /// <summary>The driver and how it did its input and output, for example <c>native (epoll)</c>.</summary>
    public required string Driver { get; init; }
}
