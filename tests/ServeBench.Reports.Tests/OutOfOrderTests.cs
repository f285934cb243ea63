using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Content;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>Stacks are ranked by differences within blocks; where the medians shown lie the other way round, the page says so itself.</summary>
public sealed class OutOfOrderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_median_that_contradicts_the_ranking_is_explained()
    {
        var folder = new SyntheticRun().Write(_temporary.Path);
        var results = RunEvaluator.Evaluate(folder);
        var answer = results.Answers[0];
        Assert.Empty(AnswerText.OutOfOrder(new ReportContext(results, folder.ReadManifest()), answer));

        // As when one trial of the best fell into a slow block that the other one lacks.
        var turned = answer with { Standings = [answer.Standings[0] with { Median = 0.9 * answer.Standings[1].Median!.Value }, .. answer.Standings.Skip(1)] };
        var report = new ReportContext(results with { Answers = [turned] }, folder.ReadManifest());
        var (above, below, unit) = (turned.Standings[0], turned.Standings[1], MetricCatalogue.Get(turned.Metric!).Unit);
        var comparison = AnswerText.Comparisons(report, turned).Single(c => c.Second.Stack == below.Stack);
        var percent = $"{100 * (comparison.Ratio!.Value - 1):0} %";
        Assert.Equal(
            $"{turned.Workload}: {report.Title(above.Stack)} ({AnswerText.Value(above, unit)}) is ranked above {report.Title(below.Stack)} ({AnswerText.Value(below, unit)}): within blocks the former is {percent} ahead",
            Assert.Single(AnswerText.OutOfOrder(report, turned)));
        var summary = string.Join('\n', TerminalSummary.Of(report.Results, folder.ReadManifest()).Select(b => b.Text));
        Assert.Contains("Ranked by differences within blocks, not by medians: mixed-length: ", summary, StringComparison.Ordinal);
        Assert.EndsWith($"{report.Questions.Get(turned.Question).Behind(percent)} ({AnswerText.Interval(comparison)})", AnswerText.Against(report, turned, below), StringComparison.Ordinal);
    }
}
