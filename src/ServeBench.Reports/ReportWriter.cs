using ServeBench.Domain.Storage;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using ServeBench.Reports.Drawing;
using ServeBench.Reports.Rendering;

namespace ServeBench.Reports;

/// <summary>Writes the report of a run into its folder: report.md, report.html, charts/*.svg and results.json.</summary>
public static class ReportWriter
{
    /// <summary>
    /// Computes and writes everything anew, in this process; files that come out the same are left untouched. The same folder gives
    /// the same bytes.
    /// </summary>
    /// <exception cref="Domain.Faults.RunFailedException">when a file of the run is damaged or the report cannot be written.</exception>
    public static RunResults Write(RunFolder folder, CancellationToken cancellationToken = default) =>
        Write(folder, Criteria.OfProgram, ChartCatalogue.All, cancellationToken);

    /// <inheritdoc cref="Write(RunFolder, CancellationToken)"/>
    /// <param name="folder">The run's.</param>
    /// <param name="criteria">By what the run is judged.</param>
    /// <param name="kinds">The kinds of chart that may be drawn.</param>
    /// <param name="cancellationToken">Ends it before anything is written.</param>
    public static RunResults Write(
        RunFolder folder, Criteria criteria, IReadOnlyList<IChart> kinds, CancellationToken cancellationToken)
    {
        var results = RunEvaluator.Evaluate(folder, criteria, cancellationToken);
        var report = new ReportContext(results, folder.ReadManifest())
        {
            Questions = criteria.Questions,
            Charts = kinds,
        };
        var charts = ChartCatalogue.Draw(report);
        var files = new List<(Chart Chart, string Svg)>();
        foreach (var chart in charts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            files.Add((chart, ChartDrawing.Svg(chart)));
        }
        var document = ReportDocument.Of(report, charts);
        var markdown = MarkdownReport.Write(document);
        var html = HtmlReport.Write(document, files);

        foreach (var (chart, svg) in files) Write(folder.Charts, $"{chart.Name}.svg", svg);
        RemoveOldCharts(folder.Charts, charts);
        Write(folder.Path, "report.md", markdown);
        Write(folder.Path, "report.html", html);
        // Last, so that a results.json stands beside a whole report.
        Write(folder.Path, "results.json", ResultsJson.Write(results));
        return results;
    }

    private static void Write(string folder, string name, string text) => AtomicFile.WriteTextIfChanged(Path.Combine(folder, name), text);

    private static void RemoveOldCharts(string folder, IReadOnlyList<Chart> charts)
    {
        if (!Directory.Exists(folder)) return;
        var kept = charts.Select(c => $"{c.Name}.svg").ToHashSet();
        foreach (var file in Directory.EnumerateFiles(folder, "*.svg").Where(f => !kept.Contains(Path.GetFileName(f)))) File.Delete(file);
    }
}
