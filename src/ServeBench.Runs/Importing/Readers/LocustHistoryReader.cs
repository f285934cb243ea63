namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// <c>locust --csv=NAME</c>, the file that ends in _stats_history.csv: a line per second, of which the last that sums up all requests
/// counts. Its percentiles are those of the last ten seconds only, but for the median.
/// </summary>
internal sealed class LocustHistoryReader : IImportReader
{
    /// <summary>Times are whole seconds: over fewer of them a rate would be guessed.</summary>
    private const double ShortestSeconds = 10;

    public string Source => "Locust, history";

    public string Made => "locust --csv=NAME, the file that ends in _stats_history.csv";

    public bool Recognises(ImportFile file)
    {
        var heading = ImportTable.Heading(file);
        return heading.Count > 3 && heading[0] == "Timestamp" && heading.Contains("User Count") && heading.Contains("Name");
    }

    public ImportedContent Read(ImportFile file)
    {
        (double At, long Requests, long Failures)? first = null, last = null;
        double? median = null;
        foreach (var row in ImportTable.Rows(file, ',', "Timestamp", "Name"))
        {
            if (row.Text("Name") != "Aggregated") continue;
            if (row.OptionalCount("Total Request Count") is not { } requests
                || row.OptionalCount("Total Failure Count") is not { } failures)
                continue;
            if (failures > requests) throw file.Bad("counts more failures than requests");
            last = (row.Number("Timestamp"), requests, failures);
            first ??= last;
            median = row.Optional("Total Median Response Time") is null ? null : row.Nanoseconds("Total Median Response Time", 1e6) / 1e9;
        }
        if (last is not { Requests: > 0 } end || first is not { } start)
            throw file.Bad("holds no requests", "Give the history of a run that has made some");
        var (seconds, good) = (end.At - start.At, end.Requests - end.Failures - (start.Requests - start.Failures));
        var known = seconds >= ShortestSeconds && good >= 0;
        var result = new ImportedSummary
        {
            Requests = end.Requests,
            Failures = end.Failures,
            WindowSeconds = known ? seconds : null,
            RequestsPerSecond = known ? good / seconds : null,
            Samples = end.Requests,
            Service = median is { } p50 ? new Dictionary<double, double> { [0.5] = p50 } : null,
        };
        if (!known) result.Lacks(Figures.Rate, $"its times are whole seconds, and fewer than {ShortestSeconds} of them");
        if (end.Failures > 0) result.Lacks(Figures.Kinds, "they are in the file that ends in _failures.csv");
        result.Remarks.Add(
            "the percentiles of Locust's history are those of its last ten seconds, and not shown; "
                + "the median is of the whole run, and counts failed requests too");
        return result;
    }
}
