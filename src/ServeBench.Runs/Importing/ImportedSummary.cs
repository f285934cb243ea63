namespace ServeBench.Runs.Importing;

/// <summary>What a tool has summed up itself; there are no requests behind it any more.</summary>
internal sealed class ImportedSummary : ImportedContent
{
    /// <summary>Null when the file does not report it.</summary>
    public long? Requests { get; init; }

    public long? Failures { get; init; }

    /// <summary>How many failures of each kind; null when the file does not report it.</summary>
    public IReadOnlyDictionary<string, long>? Kinds { get; init; }

    public double? WindowSeconds { get; init; }

    /// <summary>Successful ones only.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>How many latencies are behind the percentiles; null when the file does not report it.</summary>
    public long? Samples { get; init; }

    /// <summary>Percentiles in seconds from the send to the last byte, by their share (0.99); null when the file has none.</summary>
    public IReadOnlyDictionary<double, double>? Service { get; init; }

    /// <summary>As above, from when requests were due.</summary>
    public IReadOnlyDictionary<double, double>? EndToEnd { get; init; }
}
