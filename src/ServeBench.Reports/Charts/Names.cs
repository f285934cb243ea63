using ServeBench.Measurement.Results;

namespace ServeBench.Reports.Charts;

/// <summary>Names of chart files: unique in a report, safe in file systems and links.</summary>
internal static class Names
{
    public static string Chart(ReportContext report, string kind, CaseResult of, string? level = null)
    {
        string[] parts = [
            kind,
            of.Workload,
            .. report.SeveralModels ? [of.Model] : (string[])[],
            of.Scenario,
            .. level is null ? [] : (string[])[level]];
        return string.Concat(string.Join('-', parts).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '-'));
    }
}
