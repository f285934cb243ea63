using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>Latency percentiles by stack at each rate of an open loop: those that every trial has enough samples for.</summary>
internal sealed class LatencyPercentilesChart : IChart
{
    public string Id => "2-latency-percentiles";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        where report.Questions.Find(scenario.Question) is { IsAtOneLoad: true }
        let cases = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
        from level in cases.GroupBy(c => c.Level)
        let chart = Draw(report, [.. level], isMain: level.Key == Main(cases))
        where chart is not null
        select chart;

    /// <summary>The highest rate that every contender held; the highest of all when there is none.</summary>
    public static string Main(IReadOnlyList<CaseResult> cases)
    {
        var levels = cases.GroupBy(c => c.Level).OrderByDescending(l => l.First().RatePerSecond).ToArray();
        return (levels.FirstOrDefault(l => l.All(c => c.Valid)) ?? levels[0]).Key;
    }

    private static Chart? Draw(ReportContext report, IReadOnlyList<CaseResult> cases, bool isMain)
    {
        var of = cases[0];
        IMetric[] percentiles = [
            .. MetricCatalogue.All.OfType<LatencyPercentile>()
                .Where(m => m.IsEndToEnd)
                .OrderBy(m => m.Share)
                .Where(m => cases.Any(c => c.Median(m.Id) is not null))];
        if (percentiles.Length == 0) return null;
        var bars = new BarsPlot
        {
            Categories = [.. percentiles.Select(p => new Category(p.Title, p.Title))],
            CategoryName = "percentile of end-to-end latency",
            ValueName = "milliseconds",
            Series = [
                .. cases.Select(
                    c => new BarSeries(
                        report.Title(c.Contender),
                        Theme.Contender(report, c.Contender),
                        [.. percentiles.Select(p => Tips.Bar(report, c, p))]))],
        };
        return new Chart
        {
            Name = Names.Chart(report, "latency", of, of.Level),
            Title = $"Latency on {of.Workload} at {of.LevelTitle}",
            Caption = "bar: median of trials; line: least to greatest trial; dot: one trial; lower is better",
            Shows = $"bars of {Words.List(percentiles.Select(p => p.Title))} in milliseconds for each stack",
            Place = new ChartPlace(of.Workload, of.Model, of.Scenario, Detail: !isMain),
            Plot = bars,
        };
    }
}
