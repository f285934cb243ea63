namespace ServeBench.Measurement.Metrics;

/// <summary>Where a report shows a metric: a column of a table of cases.</summary>
/// <param name="Table">One of <see cref="CaseTables"/>.</param>
/// <param name="Order">Columns are in ascending order.</param>
public sealed record TablePlace(string Table, int Order)
{
    /// <summary>
    /// Of the metrics of a table that share this name, one is shown: the first, in order, that every case has; the last when none
    /// is.
    /// </summary>
    public string? OneOf { get; init; }

    /// <summary>
    /// True when the column is there even where no case has the metric; otherwise it is left out, and the absence is said
    /// elsewhere.
    /// </summary>
    public bool Always { get; init; }

    /// <summary>True when a second column shows the range over trials.</summary>
    public bool WithRange { get; init; }
}

/// <summary>The tables of cases; every question names the one for its scenarios, and all have the last.</summary>
public static class CaseTables
{
    public const string Capacity = "capacity";
    public const string Latency = "latency";

    /// <summary>What a case used and where it failed.</summary>
    public const string Resources = "resources";
}
