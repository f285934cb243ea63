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
    [Lane("slow")]
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
    [Lane("slow")]
    public void Spoiled_trials_are_counted_as_trials_and_invalid_cases_have_their_remedy()
    {
        var text = string.Join('\n', Of(Runs.Troubled).Select(b => b.Text));
        Assert.Contains(", 1 trial spoiled; ", text, StringComparison.Ordinal);
        Assert.Contains("INVALID (the same command measures them again)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("spoiled", string.Join('\n', Of(Runs.Quick).Select(b => b.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_run_fits_a_small_terminal_without_wrapping()
    {
        var blocks = Of(Runs.Quick);
        Assert.InRange(blocks.Sum(b => 1 + b.Rows.Count), 8, 20);
        Assert.All(blocks.Where(b => b.Rows.Count > 0), b => Assert.InRange(Enumerable.Range(0, b.Rows[0].Length).Sum(c => 2 + b.Rows.Max(r => r[c].Length)), 1, 100));
    }
}
