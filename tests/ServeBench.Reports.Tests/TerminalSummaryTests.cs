using ServeBench.Measurement.Evaluation;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

public sealed class TerminalSummaryTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    private IReadOnlyList<SummaryBlock> Of(SyntheticRun run)
    {
        var folder = run.Write(_temporary.Path);
        return TerminalSummary.Of(RunEvaluator.Evaluate(folder), folder.ReadManifest());
    }

    [Fact]
    public void Every_row_of_a_table_has_as_many_cells()
    {
        foreach (var run in (SyntheticRun[])[Runs.Quick, Runs.Troubled])
        {
            var blocks = Of(run);
            Assert.Contains(blocks, b => b.Rows.Count > 0);
            Assert.All(blocks, b => Assert.True(b.Rows.Select(r => r.Length).Distinct().Count() <= 1, b.Text));
        }
    }

    [Fact]
    public void The_default_run_fits_a_small_terminal_without_wrapping()
    {
        var blocks = Of(Runs.Quick);
        Assert.InRange(blocks.Sum(b => 1 + b.Rows.Count), 8, 20);
        Assert.All(blocks.Where(b => b.Rows.Count > 0), b => Assert.InRange(Enumerable.Range(0, b.Rows[0].Length).Sum(c => 2 + b.Rows.Max(r => r[c].Length)), 1, 100));
    }
}
