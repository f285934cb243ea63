using ServeBench.Measurement.Evaluation;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

public sealed class TerminalSummaryTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Never_exceeds_its_width()
    {
        foreach (var run in (SyntheticRun[])[Runs.Quick, Runs.Troubled])
        {
            var folder = run.Write(_temporary.Path);
            var lines = TerminalSummary.Lines(RunEvaluator.Evaluate(folder), folder.ReadManifest());
            Assert.All(lines, l => Assert.True(l.Length <= TerminalSummary.Width, l));
            Assert.All(lines, l => Assert.Equal(l.TrimEnd(), l));
        }
    }

    [Fact]
    public void The_default_run_fits_a_small_terminal_without_being_cut()
    {
        var folder = Runs.Quick.Write(_temporary.Path);
        var lines = TerminalSummary.Lines(RunEvaluator.Evaluate(folder), folder.ReadManifest());
        Assert.InRange(lines.Count, 8, 20);
        Assert.DoesNotContain(lines, l => l.Contains('…', StringComparison.Ordinal));
    }
}
