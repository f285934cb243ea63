namespace ServeBench.Runs.Importing.Readers;

/// <summary><c>ab -g</c>: whole milliseconds, and the time of day in whole seconds.</summary>
internal sealed class AbGnuplotReader : IImportReader
{
    public string Source => "ab, gnuplot";

    public string Made => "ab -g FILE";

    public bool Recognises(ImportFile file) => file.FirstLine.StartsWith("starttime\tseconds\tctime", StringComparison.Ordinal);

    public ImportedContent Read(ImportFile file)
    {
        var result = new ImportedRequests();
        foreach (var row in ImportTable.Rows(file, '\t', "ttime")) result.Add(null, row.Nanoseconds("ttime", 1e6), null);
        result.Lacks(Figures.Rate, "ab writes when requests were sent in whole seconds");
        result.Lacks(Figures.Failures, "ab does not write which requests failed, so they are among the latencies");
        result.Remarks.Add("ab writes latencies in whole milliseconds");
        return result;
    }
}

/// <summary><c>ab -e</c>: for each percentage of the requests, the milliseconds within which they were served.</summary>
internal sealed class AbPercentilesReader : IImportReader
{
    public string Source => "ab, percentages";

    public string Made => "ab -e FILE";

    public bool Recognises(ImportFile file) => ImportTable.IsHeading(file, "Percentage served", "Time in ms");

    public ImportedContent Read(ImportFile file)
    {
        var percentiles = new Dictionary<double, double>();
        foreach (var row in ImportTable.Rows(file, ',', "Percentage served", "Time in ms"))
        {
            var share = row.Share("Percentage served");
            if (percentiles.Count < 10_000) percentiles[Math.Round(share / 100, 6)] = row.Nanoseconds("Time in ms", 1e6) / 1e9;
        }
        if (percentiles.Count == 0) throw file.Bad("holds no requests", "Give the file of a run that has made some");
        var result = new ImportedSummary { Service = percentiles };
        const string Why = "the file has percentages only";
        result.Lacks(Figures.Requests, Why);
        result.Lacks(Figures.Failures, Why + "; requests that failed are among them");
        result.Lacks(Figures.Rate, Why);
        result.Remarks.Add("percentiles were computed by ab, from how many requests it does not say");
        return result;
    }
}
