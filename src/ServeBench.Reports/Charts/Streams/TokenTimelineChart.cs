using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>The tokens of one streamed answer of each stack as they came: the one whose duration is the median.</summary>
internal sealed class TokenTimelineChart : IChart
{
    public string Id => "4-token-timeline";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        let all = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
        where all.Any(c => c.Streams is { Example.Count: > 0 })
        let level = TokenTimesChart.MainLevel(all, report.Questions.Find(scenario.Question) is { IsAtOneLoad: true })
        let cases = all.Where(c => c.Level == level && c.Streams is { Example.Count: > 0 }).ToArray()
        where cases.Length > 0
        select Draw(report, cases);

    private static Chart Draw(ReportContext report, CaseResult[] cases)
    {
        var of = cases[0];
        var steps = cases.SelectMany(c => c.Streams!.Example).ToArray();
        return new Chart
        {
            Name = Names.Chart(report, "token-timeline", of, of.Level),
            Title = $"One answer of each stack on {of.Workload}, {of.LevelTitle}",
            Caption = "the answer whose duration is the median; where a line begins is the first token, a flat stretch is a wait",
            Shows = $"lines of the tokens that had come over the time since the request was due, for "
                + Words.List(cases.Select(c => report.Title(c.Contender))),
            Place = new ChartPlace(of.Workload, of.Model, of.Scenario, Detail: true),
            Plot = new LinesPlot
            {
                XName = "seconds after the request was due",
                XMaximum = Scale.NiceMaximum(steps.Max(s => s.Seconds) * 1.02),
                Panels =
                [
                    new Panel(
                        "", "tokens", Scale.NiceMaximum(steps.Max(s => s.Tokens) * 1.05), Logarithmic: false,
                        [.. cases.Select(c => Line(report, c))]),
                ],
            },
        };
    }

    private static LineSeries Line(ReportContext report, CaseResult of) =>
        new(
            report.Title(of.Contender),
            Theme.Contender(report, of.Contender),
            Theme.Symbol(report, of.Contender),
            Connected: true,
            Dashed: !of.Valid,
            [.. of.Streams!.Example.Select(s => new PlotPoint(
                double.Parse(s.Seconds.ToString("G6")), s.Tokens, of.Valid, "",
                $"<b>{Tips.Html(report.Title(of.Contender))}</b><br>{s.Tokens} tokens after {NumberText.Significant(s.Seconds)} s"))]);
}
