namespace ServeBench.Runs.Importing;

/// <summary>Files that are known but hold no results that can be read, with what to give instead: nobody has to guess then.</summary>
internal static class ForeignForms
{
    private const string Unpack = "Unpack it first; only gzip is read as it is";

    private static readonly (Func<ImportFile, bool> Is, string What, string Remedy)[] Known =
    [
        (f => f.Head.StartsWith("PK\x03\x04", StringComparison.Ordinal), "is a ZIP archive", Unpack),
        (f => f.Head.StartsWith("BZh", StringComparison.Ordinal), "is compressed with bzip2", Unpack),
        (f => f.Head.StartsWith("\ufffd7zXZ", StringComparison.Ordinal), "is compressed with xz", Unpack),
        (f => f.Head.StartsWith("(\ufffd/\ufffd", StringComparison.Ordinal), "is compressed with Zstandard", Unpack),
        (f => f.Head.StartsWith("SQLite format 3", StringComparison.Ordinal), "is an SQLite database",
            "Give what the tool prints or writes as JSON or CSV"),
        (f => f.Head.StartsWith('\x1f'), "is compressed twice", "Unpack it once"),
        (f => f.Head.Length > 0 && f.Head.Contains("\u0006Attack", StringComparison.Ordinal), "holds vegeta's results as Go keeps them",
            "Write them with vegeta encode --to=json"),
        (f => f.Head.Length > 0 && f.Head.Take(200).Count(c => c == '\0') > Math.Min(f.Head.Length, 200) / 4,
            "is no text, or UTF-16 without a mark that says so", "Write it in UTF-8, as the tool does by itself"),
        (f => f.FirstLine.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase)
                || f.FirstLine.StartsWith("<html", StringComparison.OrdinalIgnoreCase),
            "is a page for people (HTML)", "Give the tool's CSV or JSON"),
        (f => ImportTable.Heading(f) is ["Count", "Message", "Traceback", ..],
            "lists exceptions of a Locust script, and no requests", "Give the file that ends in _stats.csv"),
        (f => f.Document?.Items is [var first, ..] && first.At("end_to_end_latency_s") is not null,
            "holds LLMPerf's responses one by one, without when they were sent", "Give the file that ends in _summary.json"),
        (f => f.Document?.At("experiments") is not null,
            "is perf_analyzer's raw export", "Give the file profile_export_genai_perf.json or profile_export_aiperf.json beside it"),
        (f => IsRespelled(f, ';') || IsRespelled(f, '\t'),
            "has other separators between its columns than the tool writes: a spreadsheet has saved it again, and may have changed "
                + "its numbers",
            "Give the file as the tool has written it"),
    ];

    /// <returns>Null when it is none of them.</returns>
    public static (string What, string Remedy)? Of(ImportFile file) =>
        Known.FirstOrDefault(k => k.Is(file)) is { What: { } what, Remedy: { } remedy } ? (what, remedy) : null;

    private static bool IsRespelled(ImportFile file, char separator) =>
        ImportTable.Heading(file, separator) is { Count: > 2 } heading
            && (heading.Contains("response-time") || heading.Contains("metric_name") || heading.Contains("Request Count")
                || heading.Contains("request-duration") || heading.Contains("Percentage served") || heading.Contains("User Count"));
}
