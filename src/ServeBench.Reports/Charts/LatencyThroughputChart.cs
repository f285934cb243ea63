using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>
/// Latency against load, one line per stack: in a closed loop against the throughput reached, in an open loop against the
/// rate asked; the two are never in one chart.
/// </summary>
internal sealed class LatencyThroughputChart : IChart
{
    private const int LeastLevels = 3;
    private const int LeastRates = 2;

    /// <summary>A latency axis whose largest value is this many times its smallest is logarithmic.</summary>
    private const double LogarithmicFrom = 25;

    public string Id => "3-latency-throughput";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        let cases = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
        let question = report.Questions.Find(scenario.Question)
        where question is not null
        where cases.Select(c => c.Level).Distinct().Count() >= (question.IsAtOneLoad ? LeastRates : LeastLevels)
        let percentile = Percentile(cases)
        where percentile is not null
        select Draw(report, scenario, cases, percentile, closed: !question.IsAtOneLoad);

    /// <summary>p95 where every case supports it, else the highest below that all support.</summary>
    private static IMetric? Percentile(IReadOnlyList<CaseResult> cases) =>
        new[] { LatencyPercentile.P95, LatencyPercentile.P90, LatencyPercentile.P50 }
            .Where(p => cases.All(c => c.Median(p) is not null)).Select(MetricCatalogue.Get).FirstOrDefault();

    private static Chart Draw(
        ReportContext report, ScenarioRecord scenario, IReadOnlyList<CaseResult> cases, IMetric percentile, bool closed)
    {
        var contenders = cases.Select(c => c.Contender).Distinct().ToArray();
        var xs = cases.Select(c => X(c, closed)).ToArray();
        double[] latencies = [.. cases.Select(c => Tips.Shown(percentile, c.Median(percentile.Id)!.Value))];
        var logarithmic = latencies.Max() >= LogarithmicFrom * latencies.Min();
        var title = closed
            ? $"{percentile.Title} latency against throughput on {cases[0].Workload}"
            : $"{percentile.Title} latency against rate on {cases[0].Workload}";
        var caption = closed
            ? "each point: the medians over trials at one level, its number: requests in flight; further right and lower is better"
            : "each point: the median over trials at one rate; lower is better";
        if (logarithmic) caption += "; logarithmic latency axis";
        return new Chart
        {
            Name = Names.Chart(report, "latency-throughput", cases[0]),
            Title = title,
            Caption = caption,
            Shows = $"a line for each of {Words.List(contenders.Select(report.Title))}",
            Place = new ChartPlace(cases[0].Workload, cases[0].Model, scenario.Name),
            Plot = new LinesPlot
            {
                XName = closed ? $"{report.Items} per second" : "requests per second asked",
                XMaximum = Scale.NiceMaximum(xs.Max() * 1.02),
                Panels =
                [
                    new Panel(
                        "",
                        $"{percentile.Title} latency, ms",
                        logarithmic ? latencies.Max() * 1.3 : Scale.NiceMaximum(latencies.Max() * 1.1),
                        logarithmic,
                        [.. contenders.Select(c => Line(report, [.. cases.Where(x => x.Contender == c)], percentile, closed))]),
                ],
            },
        };
    }

    private static double X(CaseResult of, bool closed)
    {
        var items = MetricCatalogue.Get(ItemThroughput.MetricId);
        return closed ? Tips.Shown(items, of.Median(items.Id)!.Value) : of.RatePerSecond!.Value;
    }

    private static LineSeries Line(ReportContext report, IReadOnlyList<CaseResult> cases, IMetric percentile, bool closed) =>
        new(
            report.Title(cases[0].Contender),
            Theme.Contender(report, cases[0].Contender),
            Theme.Symbol(report, cases[0].Contender),
            Connected: true,
            Dashed: false,
            [.. cases.Select(c => Point(report, c, percentile, closed))]);

    private static PlotPoint Point(ReportContext report, CaseResult of, IMetric percentile, bool closed)
    {
        var items = MetricCatalogue.Get(ItemThroughput.MetricId);
        var tip = Tips.Tip(report, of, percentile, of.Metrics[percentile.Id])
            + $"<br>{NumberText.Shown(items.Unit, of.Median(items.Id)!.Value)} {report.Items}/s";
        // The second appearance of a stack lies beside the first; its numbers would only hide them.
        var label = closed && !of.IsTwin ? $"{of.Concurrency}" : "";
        return new PlotPoint(X(of, closed), Tips.Shown(percentile, of.Median(percentile.Id)!.Value), of.Valid, label, tip);
    }
}
