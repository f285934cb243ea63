using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Searching;

/// <summary>
/// The whole chain from the plan to results.json, over servers that are simulated request by request, so that the truth is known: one
/// queue with a fixed service time (Lindley's recursion), which strays a little from deployment to deployment.
/// </summary>
[Collection("sessions")]
[Lane("slow")]
public sealed class PlantedTruthTests : IDisposable
{
    private const double Service = 0.010;

    private readonly World _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    /// <summary>A stack that takes 10 % longer for each request has its max rate 10 % lower, in every block, and the latency of both is what was planted.</summary>
    [Fact]
    public async Task A_slowdown_of_a_tenth_is_found()
    {
        var cases = await RunAsync(trials: 6, stack => stack == "beta" ? 1.1 * Service : Service);
        var (alpha, beta) = (Rates(cases, "alpha"), Rates(cases, "beta"));
        double[] ratios = [.. alpha.Zip(beta, (a, b) => Math.Log(a / b))];
        Assert.InRange(Math.Exp(ratios.Average()), 1.05, 1.15);
        // A twin is what it is the twin of.
        Assert.InRange(Math.Exp(alpha.Zip(Rates(cases, "alpha (again)"), (a, b) => Math.Log(a / b)).Average()), 0.96, 1.04);
        // A long run of such a queue meets a p95 of six service times up to a load of 0.78; probes of 4 s stray around that.
        Assert.InRange(alpha.Average(), 0.70 / Service, 0.86 / Service);
        Assert.All(alpha, rate => Assert.InRange(rate, 0.6 / Service, 1 / Service));

        // At a tenth of what it can do hardly anybody waits: p50 is the service time.
        var quiet = cases.Single(c => c.Contender == "beta" && c.Scenario == "quiet");
        Assert.InRange(quiet.Median(LatencyPercentile.P50)!.Value / (1.1 * Service), 0.98, 1.05);
        Assert.All(quiet.Trials, t => Assert.Equal(10, t.Values[RealisedRate.MetricId], 0.2));
    }

    /// <summary>One that cannot do the common rate has lost, with what it kept up; the others stand.</summary>
    [Fact]
    public async Task A_stack_that_cannot_hold_the_common_rate_is_saturated_at_its_own_rate()
    {
        var cases = await RunAsync(trials: 3, stack => stack == "beta" ? 4 * Service : Service);
        Assert.All(cases.Where(c => c.Scenario == "busy"), c => Assert.Equal(c.Stack == "beta" ? Standing.Saturated : Standing.Valid, c.Standing));
        Assert.Equal(25, cases.Single(c => c.Stack == "beta" && c.Scenario == "busy").RateHeld!.Value, 1.5);
    }

    private async Task<IReadOnlyList<CaseResult>> RunAsync(int trials, Func<string, double> serviceOf)
    {
        _world.Repository.Write("k6/workloads/embeddings/short.yaml", """
            name: short
            title: Short texts
            protocols: [openai-embeddings]
            payload: { kind: text, corpus: words.txt, lengths: { 8: 2, 16: 1 }, items-per-request: 1, distinct: 60 }
            objectives: { deadline: 30s, latency-p95: 60ms, error-rate: 0.01 }
            scenarios:
              max-rate: { title: Search, loop: open, arrivals: poisson, search: { quick: { probes: 14, probe: 4s, requests: 100 } } }
              quiet: { title: Quiet, loop: open, arrivals: poisson, rates: { quick: [10/s] } }
              busy: { title: Busy, loop: open, arrivals: poisson, rates: { quick: [50/s] } }
            """);
        _world.Repository.Write("k6/profiles/quick.yaml", """
            name: quick
            summary: for tests
            trials: 2
            warm-up: { window: 10ms, limit: 100ms }
            measure: 10s
            ceiling: 10ms
            calibrate: 10ms
            """);
        var session = _world.Start(r => r with { Trials = trials });
        _world.Driver.CalibrationSeconds = 1e-6;
        _world.Driver.Instead = job => Simulate(job, serviceOf(_world.Host.Deployed[^1]) * (1 + (0.02 * (new Random(_world.Host.Deployed.Count).NextDouble() - 0.5))));
        var outcome = await session.LoadAsync(Cancelled);
        return RunEvaluator.Evaluate(outcome.Folder, Cancelled).Cases;
    }

    private static double[] Rates(IReadOnlyList<CaseResult> cases, string contender) =>
        [.. cases.Single(c => c.Contender == contender && c.Scenario == "max-rate").Trials.OrderBy(t => t.Block).Select(t => t.Values[MaxRate.MetricId])];

    private static LoadResult Simulate(LoadJob job, double service)
    {
        var rate = ((OpenLoop)job.Shape).Rate;
        var random = new Random((int)(job.ArrivalSeed % int.MaxValue));
        var length = job.Measure.TotalSeconds;
        double[] arrivals = [.. Enumerable.Range(0, (int)Math.Round(rate * length)).Select(_ => random.NextDouble() * length).Order()];
        var samples = new SampleTable();
        var free = 0.0;
        foreach (var at in arrivals)
        {
            free = Math.Max(at, free) + service;
            var (sent, last) = ((long)(at * 1e9), (long)(free * 1e9));
            samples.Add(new Sample(sent, sent + 1000, last, last, Outcome.Success, 200, 1, 100, 0));
        }
        return new LoadResult
        {
            Samples = samples,
            WindowSeconds = length,
            WarmUp = new WarmUpRecord(true, 0.03, []),
            WarmUpRequests = 3,
            Client = new ClientUse { CpuSeconds = 0.001, CoresBusy = 0.1, Cpus = [1] },
            Answers = [],
        };
    }
}
