namespace ServeBench.Runs.Importing.Readers;

/// <summary>
/// <c>hey -o csv</c>: seconds to a tenth of a millisecond. Before 0.1.3 it had six columns, without the statuses and the times of sending.
/// </summary>
internal sealed class HeyCsvReader : IImportReader
{
    public string Source => "hey, CSV";

    public string Made => "hey -o csv";

    public bool Recognises(ImportFile file) => ImportTable.IsHeading(file, "response-time", "DNS+dialup");

    public ImportedContent Read(ImportFile file)
    {
        var result = new ImportedRequests();
        var (hasStatus, hasOffset) = (true, true);
        foreach (var row in ImportTable.Rows(file, ',', "response-time"))
        {
            (hasStatus, hasOffset) = (row.Has("status-code"), row.Has("offset"));
            int? status = hasStatus ? row.Status("status-code") : null;
            bool? failed = status is { } code ? !FailureKind.IsSuccess(code) : null;
            result.Add(
                hasOffset ? row.Nanoseconds("offset", 1e9) : null,
                row.Nanoseconds("response-time", 1e9),
                failed,
                FailureKind.OfStatus(status ?? 0));
        }
        if (!hasStatus)
            result.Lacks(Figures.Failures, "this version of hey does not write statuses, so requests that failed are among the latencies");
        if (!hasOffset) result.Lacks(Figures.Rate, "this version of hey does not write when requests were sent");
        result.Remarks.Add("hey leaves requests without an answer out of its CSV, and all beyond the first million");
        return result;
    }
}
