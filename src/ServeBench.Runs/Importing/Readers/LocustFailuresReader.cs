namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// <c>locust --csv=NAME</c>, the file that ends in _failures.csv: failures by method, name and error, and nothing of successes.
/// </summary>
internal sealed class LocustFailuresReader : IImportReader
{
    public string Source => "Locust, failures";

    public string Made => "locust --csv=NAME, the file that ends in _failures.csv";

    public bool Recognises(ImportFile file)
    {
        var heading = ImportTable.Heading(file);
        return heading.Contains("Error") && heading.Contains("Occurrences") && heading.Contains("Name");
    }

    public ImportedContent Read(ImportFile file)
    {
        var (kinds, sum) = (new SortedDictionary<string, long>(StringComparer.Ordinal), 0L);
        foreach (var row in ImportTable.Rows(file, ',', "Error", "Occurrences"))
        {
            var count = row.Count("Occurrences");
            var kind = FailureKind.OfError(row.Text("Error"));
            kinds[kind] = kinds.GetValueOrDefault(kind) + count;
            sum += count;
        }
        const string Why = "a list of failures says nothing of the requests that succeeded: import the file that ends in _stats.csv";
        var result = new ImportedSummary { Failures = sum, Kinds = kinds };
        result.Lacks(Figures.Requests, Why);
        result.Lacks(Figures.Rate, Why);
        result.Lacks(Figures.Latency, Why);
        return result;
    }
}
