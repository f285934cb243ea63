using System.Collections.Concurrent;
using System.Xml.Linq;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Comparing;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>Two synthetic runs compared: what is found, what is refused, and what is written.</summary>
[Lane("slow")]
public sealed class RunDiffTests
{
    private static readonly SyntheticWorkload[] Workload = [SyntheticWorkload.Quick[1] with { Rates = [20] }];

    /// <summary>Runs are written and evaluated once.</summary>
    private static readonly ConcurrentDictionary<(string Id, double Factor, string? Failing), ComparedRun> Known = new();

    [Fact]
    public void A_planted_loss_of_a_tenth_is_named_and_nothing_else_is_blamed()
    {
        var diff = RunDiff.Of(Run("20260102T030405Z-embeddings"), Run("20260103T030405Z-embeddings", factor: 0.9), []);
        Assert.Equal(2, diff.Regressions.Count());
        Assert.All(diff.Regressions, r => Assert.Equal(SyntheticRun.Unbatched, r.Stack));
        Assert.Equal(["capacity", "latency"], diff.Regressions.Select(r => r.Question));
        var answer = DiffSummary.Answer(diff).ToArray();
        Assert.StartsWith($"REGRESSION: {SyntheticRun.Unbatched}, capacity, sequence-128", answer[0], StringComparison.Ordinal);
        Assert.StartsWith("2 regressions", answer[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_code_again_is_no_regression() =>
        Assert.Empty(RunDiff.Of(Run("20260102T030405Z-embeddings"), Run("20260103T030405Z-embeddings"), []).Regressions);

    [Fact]
    public void What_is_written_is_as_approved()
    {
        var candidate = Run("20260103T030405Z-embeddings", factor: 0.9, change: m => m with
        {
            Command = m.Command.Replace("--seed=1", "--seed=2"),
            Seeds = m.Seeds with { Base = 2 },
            Versions = new Dictionary<string, string>(m.Versions) { ["ONNX Runtime"] = "1.31.1" },
            Contenders = [.. m.Contenders.Select(c => c.Stack == SyntheticRun.Unbatched ? c with { Fingerprint = new string('a', 64) } : c)],
            Machine = m.Machine with { Kernel = "6.2.0" },
        });
        var diff = RunDiff.Of(Run("20260102T030405Z-embeddings"), candidate, []);
        Approved.Check(DiffMarkdown.Write(diff), "tests", "ServeBench.Reports.Tests", "Approved", "compare.approved.md");
        var junit = DiffJUnit.Write(diff);
        Approved.Check(junit, "tests", "ServeBench.Reports.Tests", "Approved", "compare.approved.xml");
        var suite = XDocument.Parse(junit).Root!.Element("testsuite")!;
        Assert.Equal(diff.Changes.Count, suite.Elements("testcase").Count());
        Assert.Equal(2, suite.Descendants("failure").Count());
    }

    [Fact]
    public void Runs_that_are_not_alike_are_refused_with_every_difference_and_both_values()
    {
        var other = Run("20260103T030405Z-embeddings", change: m => m with
        {
            Machine = m.Machine with { Cpu = "Another CPU", LogicalCores = 64 },
            Profile = m.Profile with { MeasureSeconds = 30 },
            Models = [.. m.Models.Select(x => x with { Sha256 = new string('b', 64) })],
            Workloads = [.. m.Workloads.Select(w => w with { Payload = "something else" })],
            Versions = new Dictionary<string, string>(m.Versions) { ["load driver"] = "k6 2.2.0, ServeBench 0.1.0: it was asked for" },
        });
        other = other with { Results = other.Results with { Cases = [.. other.Results.Cases.Select(c => c with { Host = "docker", Precision = "int8" })] } };
        var baseline = Run("20260102T030405Z-embeddings");
        var faults = Assert.Throws<FaultException>(() => RunDiff.Of(baseline, other, [])).Faults;
        Assert.Equal(["host", "machine", "weights", "workload", "precision", "precision", "profile", "driver"], faults.Select(f => f.Problem.Split(' ')[0]));
        Assert.Contains("Example CPU", faults[1].Problem, StringComparison.Ordinal);
        Assert.Contains("Another CPU, 64 cores", faults[1].Problem, StringComparison.Ordinal);
        Assert.EndsWith("--allow=machine", faults[1].Remedy, StringComparison.Ordinal);
        var told = RunDiff.Of(baseline, other, [.. Facet.All.Select(f => f.Name)]);
        Assert.Contains(told.Changes, c => c.Verdict != ChangeVerdict.NotCompared);
        Assert.Contains(DiffSummary.Notes(told), n => n.StartsWith("Compared although the host differs: process then, docker now", StringComparison.Ordinal));
    }

    [Fact]
    public void The_history_has_a_chart_for_every_question_with_a_point_for_every_run()
    {
        ComparedRun[] runs = [Run("20260102T030405Z-embeddings"), Run("20260103T030405Z-embeddings", factor: 0.9), Run("20260104T030405Z-embeddings")];
        var charts = HistoryCharts.Of(runs);
        Assert.Equal(2, charts.Count);
        var series = Assert.IsType<Charts.Plots.LinesPlot>(charts[0].Plot).Panels.Single().Series;
        Assert.Equal(2, series.Count);
        var loser = series[1].Points.Select(p => p.Y!.Value).ToArray();
        Assert.Equal(3, loser.Length);
        Assert.InRange(loser[1] / loser[0], 0.87, 0.93);
        Assert.All(charts, c => XDocument.Parse(Drawing.ChartDrawing.Svg(c)));
        Assert.Empty(HistoryCharts.Of(runs[..1]));
    }

    [Fact]
    public void A_run_is_not_compared_with_itself()
    {
        var run = Run("20260102T030405Z-embeddings");
        Assert.Contains("is the run", Assert.Throws<FaultException>(() => RunDiff.Of(run, run, [])).Faults.Single().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_whose_deployments_fail_now_is_a_regression()
    {
        var diff = RunDiff.Of(Run("20260102T030405Z-embeddings"), Run("20260103T030405Z-embeddings", failing: SyntheticRun.Unbatched), []);
        Assert.All(diff.Changes.Where(c => c.Stack == SyntheticRun.Unbatched), c => Assert.Equal(ChangeVerdict.Regression, c.Verdict));
        Assert.Contains("it did not start", diff.Regressions.First().Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20.5, false)]
    [InlineData(22, true)]
    public void Latencies_at_other_rates_are_told_or_not_compared(double rate, bool isTooFar)
    {
        var candidate = Run("20260103T030405Z-embeddings");
        candidate = candidate with { Results = candidate.Results with { Cases = [.. candidate.Results.Cases.Select(c => c.RatePerSecond is null ? c : c with { RatePerSecond = rate })] } };
        var latency = RunDiff.Of(Run("20260102T030405Z-embeddings"), candidate, []).Changes.First(c => c.Question == "latency");
        Assert.Contains("asked at 20.0 requests/s then", latency.Reason, StringComparison.Ordinal);
        Assert.Equal(isTooFar, latency.Verdict == ChangeVerdict.NotCompared);
    }

    [Fact]
    [Lane("slow")]
    public void What_is_invalid_now_is_named_and_saturation_that_was_there_before_is_not()
    {
        var before = Run("20260102T030405Z-embeddings");
        ComparedRun With(ComparedRun run, Standing standing) => run with { Results = run.Results with { Cases = [.. run.Results.Cases.Select(c => c.Question == "latency" ? c with { Standing = standing } : c)] } };
        var after = Run("20260103T030405Z-embeddings");
        Assert.Equal(2, RunDiff.Of(before, With(after, Standing.Invalid), []).Invalid.Count);
        Assert.Equal(2, RunDiff.Of(before, With(after, Standing.Saturated), []).Invalid.Count);
        Assert.Empty(RunDiff.Of(With(before, Standing.Saturated), With(after, Standing.Saturated), []).Invalid);
    }

    /// <summary>Measuring again never gives the same: what a trial of another run differs by.</summary>
    private static double Again(string id, int trial) => id.StartsWith("20260102", StringComparison.Ordinal) ? 1 : ((double[])[1.006, 0.995, 1.003, 0.992, 1.004])[(trial - 1) % 5];

    private static ComparedRun Run(string id, double factor = 1, Func<RunManifest, RunManifest>? change = null, string? failing = null)
    {
        var run = Known.GetOrAdd((id, factor, failing), _ => Measured(id, factor, failing));
        return change is null ? run : run with { Manifest = change(run.Manifest!) };
    }

    private static ComparedRun Measured(string id, double factor, string? failing)
    {
        using var parent = new TemporaryFolder();
        var folder = new SyntheticRun
        {
            Id = id,
            Trials = 8,
            WindowSeconds = 20,
            Twin = false,
            NotMeasured = [],
            Workloads = Workload,
            Behaviour = (of, load) =>
            {
                var (usual, speed) = (SyntheticBehaviour.Usual(of, load), Again(id, of.Trial) * (of.Stack == SyntheticRun.Unbatched ? factor : 1));
                return usual with { ItemsPerSecond = usual.ItemsPerSecond * speed, LatencySeconds = usual.LatencySeconds / speed };
            },
            ChangeDeployment = d => d.Stack == failing ? d with { Failure = "it did not start" } : d,
        }.Write(parent.Path);
        return ComparedRun.Of(folder, TestContext.Current.CancellationToken);
    }
}
