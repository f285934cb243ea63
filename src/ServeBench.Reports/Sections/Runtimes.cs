using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>
/// With which library, in which version, each stack computes: what is left of the raw runtime is not the server's doing alone
/// where they differ.
/// </summary>
internal static class Runtimes
{
    /// <returns>As the servers report it; empty when none does.</returns>
    public static string[] Of(IEnumerable<ContenderResult> contenders) =>
        [.. contenders.SelectMany(c => c.Deployments).Select(d => d.Runtime).OfType<string>().Distinct()];

    /// <returns>Which stacks do not compute with what the raw runtime was; null when all do, or none reports it.</returns>
    public static string? Note(ReportContext report)
    {
        // The raw runtime's text begins with its name and version; its settings follow.
        string[] raw = [.. report.Results.Ceilings.Select(c => c.Runtime.Split(',')[0]).Distinct()];
        if (raw.Length == 0) return null;
        string[] others =
        [
            .. report.Results.Contenders.Where(c => !c.IsTwin).DistinctBy(c => c.Label)
                .Select(c => (Title: report.Title(c), Told: Of([c]).Except(raw).ToArray()))
                .Where(c => c.Told.Length > 0)
                .GroupBy(c => Words.List(c.Told))
                .Select(g => $"{Words.List(g.Select(c => c.Title))} with {g.Key}"),
        ];
        return others.Length == 0 ? null
            : $"The raw runtime is {Words.List(raw)}. Not every stack computes with it: {string.Join("; ", others)}. "
                + "What these keep of the raw runtime's throughput is that of server and library together, not the server alone.";
    }
}
