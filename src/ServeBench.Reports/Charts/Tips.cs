using System.Net;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>Bars and tooltips out of cases.</summary>
internal static class Tips
{
    /// <summary>The bar of one metric of one case; null when it was not measured.</summary>
    public static Bar? Bar(ReportContext report, CaseResult? of, IMetric metric)
    {
        if (of?.Metrics.GetValueOrDefault(metric.Id) is not { Median: { } median } result) return null;
        double[] trials = [.. of.Trials.Select(t => Shown(metric, t.Values[metric.Id]))];
        return new Bar(Shown(metric, median), trials, of.Valid, NumberText.Shown(metric.Unit, median), Tip(report, of, metric, result));
    }

    public static string Tip(ReportContext report, CaseResult of, IMetric metric, MetricResult result)
    {
        var lines = new List<string>
        {
            $"<b>{Html(report.Title(of.Contender))}</b>{(of.Valid ? "" : " " + Sections.CaseVerdict.In(of))}",
            Html(of.LevelTitle),
            $"{Html(metric.Title)}: {Html(NumberText.WithUnit(metric.Unit, result.Median!.Value))}",
            $"range {Html(Words.Range(result, metric.Unit))} over {Plural.Of(of.Trials.Count, "trial")}",
        };
        lines.AddRange(of.Findings
            .Where(f => f.Severity is Measurement.Verdicts.Severity.Invalid or Measurement.Verdicts.Severity.Saturated)
            .Select(f => Html(f.Message)));
        return string.Join("<br>", lines);
    }

    /// <summary>A number as charts hold it: in the shown unit, six significant digits.</summary>
    public static double Shown(IMetric metric, double stored) => double.Parse((stored * metric.Unit.Factor).ToString("G6"));

    public static string Html(string text) => WebUtility.HtmlEncode(text);
}
