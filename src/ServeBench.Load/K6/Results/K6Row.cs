namespace ServeBench.Load.K6.Results;

/// <summary>One row of k6's raw output: one value of one metric.</summary>
/// <param name="Metric">For example <c>http_req_duration</c>.</param>
/// <param name="Time">Unix time in nanoseconds: when what was measured had ended.</param>
/// <param name="Value">In the metric's unit; durations are milliseconds.</param>
/// <param name="Scenario">Name of the scenario; empty when the row belongs to none.</param>
/// <param name="Status">HTTP or gRPC status; empty when there was none.</param>
/// <param name="ErrorCode">k6's error code; 0 when there was no error.</param>
/// <param name="Tags">Tags that have no column of their own, as <c>name=value&amp;name=value</c>.</param>
/// <param name="Metadata">Values that k6 does not index, in the same form.</param>
public readonly record struct K6Row(
    string Metric, long Time, double Value, string Scenario, string Status, int ErrorCode, string Tags, string Metadata)
{
    /// <summary>k6's own word on whether the answer was as expected, <c>true</c> or <c>false</c>; empty when it gave none.</summary>
    public string Expected { get; init; } = "";

    /// <summary>The line of the file that it was read from.</summary>
    public int Line { get; init; }

    /// <summary>A value out of <see cref="Metadata"/>; null when it is not there.</summary>
    public string? Datum(string name) => Find(Metadata, name);

    /// <summary>A value out of <see cref="Tags"/>; null when it is not there.</summary>
    public string? Tag(string name) => Find(Tags, name);

    private static string? Find(string pairs, string name)
    {
        for (var at = 0; at < pairs.Length;)
        {
            var end = pairs.IndexOf('&', at);
            if (end < 0) end = pairs.Length;
            if (end - at > name.Length && pairs[at + name.Length] == '=' && string.CompareOrdinal(pairs, at, name, 0, name.Length) == 0)
                return pairs[(at + name.Length + 1)..end];
            at = end + 1;
        }
        return null;
    }
}
