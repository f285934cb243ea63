namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// <c>locust --csv=NAME</c>, the file that ends in _stats.csv: the line that sums up all others. Headings are quoted in Locust 1.0, the
/// columns of percentiles are the user's choice, and before 1.0 they were called otherwise (# requests).
/// </summary>
internal sealed class LocustStatisticsReader : IImportReader
{
    public string Source => "Locust, statistics";

    public string Made => "locust --csv=NAME, the file that ends in _stats.csv";

    public bool Recognises(ImportFile file)
    {
        var heading = ImportTable.Heading(file);
        return heading.Count >= 3 && heading[1] == "Name" && heading.Any(h => h is "Request Count" or "# requests");
    }

    public ImportedContent Read(ImportFile file)
    {
        ImportedSummary? sum = null;
        foreach (var row in ImportTable.Rows(file, ',', "Name"))
        {
            // "Total" before 1.0; requests may have that name too, but no method then.
            if (row.Text("Name") == "Aggregated" || (row.Text("Name") == "Total" && row.Has("# requests"))) sum = Sum(file, row);
        }
        return sum ?? throw file.Bad("has no line named Aggregated", "Give the file that ends in _stats.csv, whole");
    }

    private static ImportedSummary Sum(ImportFile file, ImportTable row)
    {
        var requests = row.OptionalCount("Request Count") ?? row.OptionalCount("# requests");
        var failures = row.OptionalCount("Failure Count") ?? row.OptionalCount("# failures");
        if (requests is null or 0) throw file.Bad("holds no requests", "Give the statistics of a run that has made some");
        if (failures > requests) throw file.Bad("counts more failures than requests");
        var perSecond = row.Optional("Requests/s") ?? row.Optional("requests/s");
        var failed = row.Optional("Failures/s") ?? (failures is { } f ? perSecond * f / requests : null);
        var percentiles = new Dictionary<double, double>();
        if ((row.Optional("Median Response Time") ?? row.Optional("Median response time")) is not null)
            percentiles[0.5] =
                row.Nanoseconds(row.Has("Median Response Time") ? "Median Response Time" : "Median response time", 1e6) / 1e9;
        foreach (var column in row.Columns.Where(c => c.EndsWith('%') && row.Optional(c) is not null))
            if (Quantity.Number(column.AsSpan(0, column.Length - 1)) is { } share)
                percentiles[Math.Round(share / 100, 6)] = row.Nanoseconds(column, 1e6) / 1e9;
        var result = new ImportedSummary
        {
            Requests = requests,
            Failures = failures,
            RequestsPerSecond = perSecond is { } all && failed is { } bad && all >= bad && bad >= 0 ? all - bad : null,
            Samples = requests,
            Service = percentiles,
        };
        if (failures is null) result.Lacks(Figures.Failures, "the file has no column for them, or nothing in it");
        else if (failures > 0) result.Lacks(Figures.Kinds, "they are in the file that ends in _failures.csv");
        if (result.RequestsPerSecond is null)
            result.Lacks(Figures.Rate, "the file does not say how many of the requests per second succeeded");
        result.Remarks.Add("Locust's percentiles are rounded to two digits, count failed requests too, and were computed by Locust");
        return result;
    }
}
