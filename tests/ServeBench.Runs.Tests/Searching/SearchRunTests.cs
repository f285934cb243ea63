using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Searching;

/// <summary>A whole run with a search in it: the record holds every probe, overload is at the stack's own rate, and the report has the max rate.</summary>
[Collection("sessions")]
[Lane("slow")]
public sealed class SearchRunTests : IDisposable
{
    private const double Limit = 240;

    private readonly World _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_run_finds_the_rate_that_its_server_can_do_and_overloads_it_from_there()
    {
        Write("""
            max-rate: { title: Search, loop: open, arrivals: poisson, search: { quick: { probes: 12, probe: 1s, requests: 20 } } }
            overload: { title: Overload, loop: open, steps-of-max-rate: { quick: { shares: [50, 120, 50], each: 1s } } }
            common: { title: Common, loop: open, arrivals: poisson, rates: { quick: [40% of ceiling] } }
            """);
        var session = _world.Start();
        _world.Driver.CalibrationSeconds = 1e-6;
        var jobs = new List<LoadJob>();
        _world.Driver.Instead = job =>
        {
            jobs.Add(job);
            return Queue(job);
        };
        var outcome = await session.LoadAsync(Cancelled);
        Assert.Equal(0, outcome.Summary.Failed);
        var manifest = outcome.Folder.ReadManifest();
        var records = manifest.Trials.Select(t => outcome.Folder.ReadTrial(t)!).ToArray();

        var searched = records.Where(r => r.Case.Scenario == "max-rate").ToArray();
        Assert.Equal(6, searched.Length);
        Assert.All(searched, r =>
        {
            var search = r.Load.Search!;
            Assert.InRange(search.MetPerSecond!.Value, Limit / 1.1, Limit);
            Assert.InRange(search.FailedPerSecond!.Value, Limit, Limit * 1.1);
            Assert.Equal(search.MetPerSecond, search.Probes[search.Shown].OfferedPerSecond);
            Assert.Equal(search.MetPerSecond, r.Load.RatePerSecond);
            Assert.All(search.Probes.Where(p => !p.Met), p => Assert.NotNull(p.Why));
            Assert.Equal(search.Probes[search.Shown].Requests, r.SampleCount);
        });
        // The first probe of a deployment warms up, the others find it warm; each stops with its window.
        var probes = jobs.Where(j => j.StopsWithWindow).ToArray();
        Assert.Equal(searched.Sum(r => r.Load.Search!.Probes.Count), probes.Length);
        Assert.Equal(6, probes.Count(j => !j.IsWarm));

        var overloads = records.Where(r => r.Case.Scenario == "overload").ToArray();
        Assert.All(overloads, r =>
        {
            var own = searched.Single(s => s.Case.Contender == r.Case.Contender && s.Case.Trial == r.Case.Trial).Load.Search!.MetPerSecond!.Value;
            Assert.Equal(0.5 * own, r.Load.Ramp!.Start, 9);
            Assert.Equal(1.2 * own, r.Load.Ramp.Stages[1].Target, 9);
        });

        // Common rates are a share of the raw runtime in the run's own first block, the same in every trial.
        var common = Assert.Single(records.Where(r => r.Case.Scenario == "common").Select(r => r.Load.RatePerSecond!.Value).Distinct());
        var first = outcome.Folder.ReadCeilings().Single(c => c.Trial == 1).ItemsPerSecond;
        Assert.InRange(common / (0.4 * first), 0.99, 1.01);
        Assert.All(manifest.Blocks, b => Assert.Equal(PlannedCeilings.RawRuntime, b[0]));

        var results = RunEvaluator.Evaluate(outcome.Folder, Cancelled);
        var cases = results.Cases.Where(c => c.Scenario == "max-rate").ToArray();
        Assert.All(cases, c => Assert.Equal(Standing.Valid, c.Standing));
        Assert.All(cases, c => Assert.InRange(c.Median(MaxRate.MetricId)!.Value, Limit / 1.1, Limit));
    }

    [Fact]
    public async Task A_server_that_meets_no_rate_has_lost()
    {
        Write("max-rate: { title: Search, loop: open, arrivals: poisson, search: { quick: { probes: 3, probe: 1s, requests: 20 } } }");
        var session = _world.Start();
        _world.Driver.CalibrationSeconds = 1e-6;
        _world.Driver.Instead = job => Answer(job, _ => 2.0);
        var outcome = await session.LoadAsync(Cancelled);
        var results = RunEvaluator.Evaluate(outcome.Folder, Cancelled);
        Assert.All(results.Cases, c => Assert.Equal(Standing.Saturated, c.Standing));
        Assert.All(results.Cases, c => Assert.Contains(c.Findings, f => f.Rule == "no-rate-met" && f.Message.Contains("its p95 was 2,000 ms, the objective is 100 ms", StringComparison.Ordinal)));
    }

    private void Write(string scenarios) => _world.Repository.Write("k6/workloads/embeddings/short.yaml", $$"""
        name: short
        title: Short texts
        protocols: [openai-embeddings]
        payload: { kind: text, corpus: words.txt, lengths: { 8: 2, 16: 1 }, items-per-request: 1, distinct: 60 }
        objectives: { deadline: 5s, latency-p95: 100ms, error-rate: 0.01 }
        scenarios:
          {{scenarios.ReplaceLineEndings("\n  ")}}
        """);

    /// <summary>A server that takes 10 ms up to its limit, and beyond it falls behind as any queue does.</summary>
    private static LoadResult Queue(LoadJob job)
    {
        var rate = job.Shape is OpenLoop open ? open.Rate : 1;
        return Answer(job, at => rate > Limit ? 0.2 + (((rate / Limit) - 1) * at) : 0.010);
    }

    private static LoadResult Answer(LoadJob job, Func<double, double> latency)
    {
        var rate = job.Shape is OpenLoop open ? open.Rate : 100;
        var samples = new SampleTable();
        var count = (int)Math.Round(rate * job.Measure.TotalSeconds);
        for (var i = 0; i < count; i++)
        {
            var at = i / rate;
            var sent = (long)(at * 1e9);
            samples.Add(new Sample(sent, sent + 1000, sent + 2000, sent + (long)(latency(at) * 1e9), Outcome.Success, 200, 1, 100, job.Slices!.Window.First + (i % job.Slices.Window.Count)));
        }
        return new LoadResult
        {
            Samples = samples,
            WindowSeconds = job.Measure.TotalSeconds,
            WarmUp = new WarmUpRecord(true, 0.03, []),
            WarmUpRequests = 3,
            Client = new ClientUse { CpuSeconds = 0.001, CoresBusy = 0.1, Cpus = [1] },
            Answers = [],
        };
    }
}
