using ServeBench.Domain.Storage;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using ServeBench.Reports.Drawing;
using ServeBench.Reports.Rendering;

namespace ServeBench.Reports;

/// <summary>Writes the report of a run into its folder: report.md, report.html, charts/*.svg, results.json and report.sha256.</summary>
public static class ReportWriter
{
    /// <summary>
    /// Computes and writes everything again, in this process; files that come out the same are left untouched. The same folder gives
    /// the same bytes.
    /// </summary>
    /// <exception cref="Domain.Faults.RunFailedException">when a file of the run is damaged or the report cannot be written.</exception>
    public static RunResults Write(RunFolder folder, CancellationToken cancellationToken = default) =>
        Write(folder, new RenderedReport(folder), cancellationToken);

    /// <summary>As <see cref="Write(RunFolder, CancellationToken)"/>, without report.html and report.sha256.</summary>
    public static RunResults WriteToPublish(RunFolder folder, CancellationToken cancellationToken) =>
        Render(folder, Criteria.OfProgram, ChartCatalogue.All, interactive: false, cancellationToken);

    /// <summary>
    /// As <see cref="Write(RunFolder, CancellationToken)"/>, by the caller's criteria and with its charts, without report.sha256.
    /// </summary>
    /// <param name="folder">The run's.</param>
    /// <param name="criteria">By what the run is judged.</param>
    /// <param name="kinds">The kinds of chart that may be drawn.</param>
    /// <param name="cancellationToken">Ends it before anything is written.</param>
    public static RunResults Write(
        RunFolder folder, Criteria criteria, IReadOnlyList<IChart> kinds, CancellationToken cancellationToken) =>
        Render(folder, criteria, kinds, interactive: true, cancellationToken);

    /// <summary>As <see cref="Write(RunFolder, CancellationToken)"/>, unless that would write what is there already.</summary>
    /// <exception cref="Domain.Faults.RunFailedException">as there.</exception>
    public static RunResults WriteIfChanged(RunFolder folder, CancellationToken cancellationToken = default)
    {
        var rendered = new RenderedReport(folder);
        return rendered.IsCurrent()
            ? ResultsJson.Read(File.ReadAllText(Path.Combine(folder.Path, "results.json")))
            : Write(folder, rendered, cancellationToken);
    }

    private static RunResults Write(RunFolder folder, RenderedReport rendered, CancellationToken cancellationToken)
    {
        var results = Render(folder, Criteria.OfProgram, ChartCatalogue.All, interactive: true, cancellationToken);
        rendered.Keep();
        return results;
    }

    private static RunResults Render(
        RunFolder folder, Criteria criteria, IReadOnlyList<IChart> kinds, bool interactive, CancellationToken cancellationToken)
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
        var html = interactive ? HtmlReport.Write(document, files) : null;

        foreach (var (chart, svg) in files) Write(folder.Charts, $"{chart.Name}.svg", svg);
        RemoveOldCharts(folder.Charts, charts);
        Write(folder.Path, "report.md", markdown);
        if (html is not null) Write(folder.Path, "report.html", html);
        // Last, so that where there is a results.json the report is whole.
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
