using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Verdicts;
using ServeBench.Reports.Charts;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>A verdict rule is one class: what it finds decides what a trial counts, and stands in the report with its advice.</summary>
[Lane("slow")]
public sealed class NewRuleTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(Severity.Invalid, Standing.Invalid)]
    [InlineData(Severity.Saturated, Standing.Saturated)]
    [InlineData(Severity.Note, Standing.Valid)]
    public void What_it_finds_decides_and_is_shown(Severity severity, Standing standing)
    {
        var folder = Runs.Quick.Write(_temporary.Path);
        var criteria = new Criteria { Rules = [.. VerdictRules.All, new NoThirteen(severity)] };
        var results = ReportWriter.Write(folder, criteria, ChartCatalogue.All, TestContext.Current.CancellationToken);
        var judged = results.Cases.Where(c => c.Level == "c1").ToArray();
        Assert.NotEmpty(judged);
        Assert.All(judged, c => Assert.Equal(standing, c.Standing));
        Assert.All(judged, c => Assert.Contains(c.Findings, f => f.Rule == "no-thirteen" && f.Severity == severity));
        Assert.All(results.Cases.Except(judged), c => Assert.DoesNotContain(c.Findings, f => f.Rule == "no-thirteen"));
        var verdicts = File.ReadAllText(Path.Combine(folder.Path, "report.md")).Split("## Verdicts: what counts and what does not")[1];
        Assert.Contains("a single request in flight is unlucky", verdicts, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("cross your fingers", verdicts, StringComparison.OrdinalIgnoreCase);
    }

    private sealed class NoThirteen(Severity severity) : IVerdictRule
    {
        public string Id => "no-thirteen";

        public Finding? Check(TrialFacts trial) =>
            trial.Record.Load.Concurrency == 1 ? new Finding(Id, severity, "a single request in flight is unlucky", "Cross your fingers") : null;
    }
}
