using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Measurement.Drivers;
using ServeBench.Measurement.Evaluation;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests;

/// <summary>Two drivers in one run, in whole sessions as in <see cref="SessionTests"/>.</summary>
[Collection("sessions")]
[Lane("slow")]
public sealed class SecondDriverTests : IDisposable
{
    private const int OwnCases = 18;

    private readonly World _world = new();
    private readonly FakeDriver _first = new() { Name = "first", CalibrationSeconds = 0.001 };
    private readonly FakeDriver _second = new() { Name = "second", CalibrationSeconds = 0.001 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public SecondDriverTests() => _world.Drivers = new DriverChoice(_first, "a test asked for it") { Second = _second };

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_headlines_are_measured_by_both_on_the_same_deployments_and_the_difference_is_a_finding()
    {
        // It sees a rate that is a fifth less, as its window is said to have been longer.
        _second.Instead = _ => Answers(0.0625);
        _first.Instead = _ => Answers(0.05);
        var outcome = await _world.Start().LoadAsync(Cancelled);
        // This workload has no search: its curve stands for it, beside the latency.
        Assert.Equal((OwnCases, OwnCases), (_first.Jobs, _second.Jobs));
        Assert.Equal(new(2 * OwnCases, 0, 0), outcome.Summary);
        Assert.Equal(6, _world.Host.Deployed.Count);
        Assert.Equal("second", outcome.Folder.ReadSecondCalibration()!.Driver);

        var results = RunEvaluator.Evaluate(outcome.Folder, Cancelled);
        Assert.Equal(9, results.Cases.Count);
        Assert.All(results.Cases, c => Assert.Equal(2, c.Trials.Count));
        var sweep = results.DriverAgreements!.Where(a => a.Metric == "item-throughput").ToArray();
        Assert.Equal(["c1", "c4"], sweep.Select(a => a.Level).Order());
        foreach (var ratio in sweep.SelectMany(a => a.Stacks))
        {
            Assert.Equal((0.8, DriverVerdict.Disagree, true), (Math.Round(ratio.Ratio!.Value, 6), ratio.Verdict, ratio.IsFinding));
            Assert.Equal(ratio.Stack == "alpha" ? 4 : 2, ratio.Pairs);
        }
        Assert.All(results.DriverAgreements!.Where(a => a.Metric == "latency-p50").SelectMany(a => a.Stacks), r => Assert.Equal(1, r.Ratio ?? 1));
    }

    [Fact]
    public async Task Who_comes_first_alternates_and_a_second_start_measures_nothing()
    {
        var order = new List<(string Driver, string Title)>();
        _first.Before = (_, job) => order.Add(("first", job.Title));
        _second.Before = (_, job) => order.Add(("second", job.Title));
        var outcome = await _world.Start().LoadAsync(Cancelled);
        for (var at = 0; at < order.Count; at += 2)
        {
            var (one, other) = (order[at], order[at + 1]);
            Assert.Equal((one.Title, true), (other.Title, one.Driver != other.Driver));
            Assert.Equal(at < order.Count / 2 ? "first" : "second", one.Driver);
        }
        Assert.Equal(2 * OwnCases, outcome.Folder.ReadManifest().Trials.Select(t => t.File).Distinct().Count());
        Assert.Equal(2 * OwnCases, outcome.Folder.ReadManifest().Trials.Select(t => t.Fingerprint).Distinct().Count());
        var again = await _world.Start().LoadAsync(Cancelled);
        Assert.True(again.Untouched);
        Assert.Equal((OwnCases, OwnCases), (_first.Jobs, _second.Jobs));
    }

    [Fact]
    public async Task A_protocol_that_the_second_driver_does_not_speak_is_not_measured_by_it_and_the_run_says_why()
    {
        _world.Drivers = new DriverChoice(_first, "a test asked for it") { Second = new FakeDriver { Name = "mute", Speaks = _ => false } };
        var outcome = await _world.Start().LoadAsync(Cancelled);
        Assert.Equal(new NotMeasured("headlines over openai-embeddings by mute", "it does not speak http here"), outcome.Folder.ReadManifest().NotMeasured.Single());
        Assert.Null(RunEvaluator.Evaluate(outcome.Folder, Cancelled).DriverAgreements);
    }

    private static LoadResult Answers(double window)
    {
        var samples = new SampleTable();
        for (var i = 0; i < 80; i++) samples.Add(new Sample(i * 500_000L, i * 500_000L, (i * 500_000L) + 500_000, (i * 500_000L) + 600_000, Outcome.Success, 200, 1, 100, i % 12));
        return new LoadResult
        {
            Samples = samples, WindowSeconds = window, WarmUp = new WarmUpRecord(true, 0.03, []), WarmUpRequests = 1, Answers = [],
            Client = new ClientUse { CpuSeconds = 0.001, CoresBusy = 0.1, Cpus = [1] },
        };
    }
}
