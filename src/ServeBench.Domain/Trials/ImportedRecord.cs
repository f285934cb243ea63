namespace ServeBench.Domain.Trials;

/// <summary>
/// imported/*.json of a run: what another tool has measured elsewhere, put beside the run's own results and never compared with
/// them. What the tool's format does not hold is absent.
/// </summary>
public sealed record ImportedRecord
{
    public const string CurrentSchema = "servebench-imported/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>What the user calls it.</summary>
    public required string Case { get; init; }

    /// <summary>The tool and the format: <c>k6, raw CSV</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The files, several when several runners shared the load.</summary>
    public required IReadOnlyList<ImportedFile> Files { get; init; }

    public required DateTimeOffset ImportedUtc { get; init; }

    /// <summary>Requests that the numbers are about; null when the file does not report it.</summary>
    public long? Requests { get; init; }

    public long? Failures { get; init; }

    /// <summary>
    /// How many failures of each kind (<c>HTTP 503</c>, <c>timeout</c>), as far as the file says; null when it does not, or
    /// there are none.
    /// </summary>
    public IReadOnlyDictionary<string, long>? FailureKinds { get; init; }

    /// <summary>Arrivals that the tool could not make on time.</summary>
    public long? Dropped { get; init; }

    /// <summary>
    /// Length of the time that the requests are from; where there were several runners, that in which all of them loaded.
    /// </summary>
    public double? WindowSeconds { get; init; }

    /// <summary>Successful requests per second, over all runners.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>From when a request was due to its last byte.</summary>
    public ImportedLatency? EndToEnd { get; init; }

    /// <summary>From when a request was sent to its last byte.</summary>
    public ImportedLatency? Service { get; init; }

    /// <summary>How the figures came about, each a sentence without a full stop.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Figures that are absent above, each with the reason.</summary>
    public IReadOnlyList<NotMeasured> NotMeasured { get; init; } = [];
}

/// <param name="Name">Without its folder, which is nobody's business.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record ImportedFile(string Name, string Sha256);

/// <summary>Percentiles in seconds; one without enough samples behind it (method.md, rule 14) is absent.</summary>
public sealed record ImportedLatency(double? P50, double? P90, double? P95, double? P99, double? P999);
