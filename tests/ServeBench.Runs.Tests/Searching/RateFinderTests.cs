using ServeBench.Domain.Workloads;
using ServeBench.Runs.Searching;

namespace ServeBench.Runs.Tests.Searching;

/// <summary>The search against servers that are simulated: it comes to the rate that they can do, with a stated number of probes.</summary>
public sealed class RateFinderTests
{
    private static readonly SearchSpec Quick = new(6, TimeSpan.FromSeconds(2), 100, 0.05);

    /// <summary>A server that holds every rate up to a limit and none above it.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(63)]
    [InlineData(41)]
    [InlineData(25)]
    [InlineData(9)]
    [InlineData(138)]
    public void A_sharp_limit_is_bracketed_in_six_probes(double limit)
    {
        var (search, probes) = Run(new RateFinder(60, Quick), rate => (rate <= limit ? ProbeOutcome.Met : ProbeOutcome.Failed, Math.Min(rate, limit)));
        Assert.InRange(probes, 2, 6);
        Assert.InRange(search.Met!.Value, limit / 1.25, limit);
        Assert.InRange(search.Failed!.Value, limit, limit * 1.25);
    }

    [Fact]
    public void More_probes_narrow_the_bracket_to_the_resolution_and_then_stop()
    {
        var (search, probes) = Run(new RateFinder(60, Quick with { Probes = 40 }), rate => (rate <= 100 ? ProbeOutcome.Met : ProbeOutcome.Failed, Math.Min(rate, 100)));
        Assert.InRange(search.Failed!.Value / search.Met!.Value, 1, 1.05);
        Assert.InRange(probes, 4, 10);
    }

    [Fact]
    public void A_server_that_never_fails_has_at_least_the_last_rate()
    {
        var (search, probes) = Run(new RateFinder(10, Quick), _ => (ProbeOutcome.Met, null));
        Assert.Equal(6, probes);
        Assert.Equal(10 * Math.Pow(1.5, 5), search.Met!.Value, 0.1);
        Assert.Null(search.Failed);
    }

    /// <summary>A server that may be sent 30 requests/s at most is found to manage at least so many, and never sent more.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public void No_rate_above_the_bound_is_tried(double start)
    {
        var tried = new List<double>();
        var (search, _) = Run(new RateFinder(start, Quick, most: 30), rate =>
        {
            tried.Add(rate);
            return (ProbeOutcome.Met, null);
        });
        Assert.Equal((30, (double?)null), (search.Met, search.Failed));
        Assert.Equal(30, tried.Max());
        Assert.Equal(tried.Distinct(), tried);
    }

    [Fact]
    public void A_server_that_never_manages_has_no_rate()
    {
        var (search, probes) = Run(new RateFinder(10, Quick), rate => (ProbeOutcome.Failed, rate));
        Assert.Equal((6, (double?)null), (probes, search.Met));
    }

    /// <summary>What the client cannot make is tried twice; what lies below it still counts.</summary>
    [Fact]
    public void A_client_that_cannot_make_a_rate_ends_the_search_below_it()
    {
        var (search, probes) = Run(new RateFinder(60, Quick), rate => (rate > 100 ? ProbeOutcome.Invalid : ProbeOutcome.Met, null));
        Assert.Equal((90, (double?)null), (search.Met, search.Failed));
        Assert.Equal(4, probes);
    }

    [Fact]
    public void One_spoiled_probe_is_made_again()
    {
        var spoiled = false;
        var (search, _) = Run(new RateFinder(60, Quick), rate =>
        {
            if (!spoiled && rate > 80)
            {
                spoiled = true;
                return (ProbeOutcome.Invalid, null);
            }
            return (rate <= 100 ? ProbeOutcome.Met : ProbeOutcome.Failed, Math.Min(rate, 100));
        });
        Assert.InRange(search.Met!.Value, 80, 100);
        Assert.NotNull(search.Failed);
    }

    /// <summary>A probe that fails by chance far below the limit costs a probe, not what lies above it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_failure_by_chance_is_found_out(int failing)
    {
        var probe = 0;
        var (search, probes) = Run(new RateFinder(60, Quick with { Probes = 12 }), rate => (++probe != failing && rate <= 100 ? ProbeOutcome.Met : ProbeOutcome.Failed, rate));
        Assert.InRange(search.Met!.Value, 95, 100);
        Assert.InRange(search.Failed!.Value, 100, 106);
        Assert.InRange(probes, 6, 12);
    }

    /// <summary>
    /// One server with a fixed service time and Poisson arrivals (M/D/1), objective p95: simulated by Lindley's recursion over short
    /// probes, so that the outcome near the limit is chance. The median over trials is near the rate at which a long run meets it.
    /// </summary>
    [Theory]
    [InlineData(0.010, 0.060)]
    [InlineData(0.010, 0.250)]
    [InlineData(0.020, 0.100)]
    [Lane("slow")]
    public void Of_a_queue_it_finds_the_rate_that_meets_the_objective(double service, double objective)
    {
        var truth = Enumerable.Range(1, 400).Select(i => i / 400.0 / service).Last(rate => P95(rate, service, 60_000 / rate, new Random(1)) <= objective);
        double[] found = [.. Enumerable.Range(0, 201).Select(trial =>
        {
            var random = new Random(trial);
            var start = 0.6 / service * Math.Pow(RateFinder.Step, random.NextDouble() - 0.5);
            return Run(new RateFinder(start, Quick), rate =>
                (P95(rate, service, Math.Max(2, 100 / rate), random) <= objective ? ProbeOutcome.Met : ProbeOutcome.Failed, Math.Min(rate, 1 / service))).Search.Met ?? 0;
        }).Order()];
        // Short windows are over before a queue near its limit has built up, so they find about a tenth more than a long run; never more than the server has.
        Assert.InRange(found[100], 1.0 * truth, 1.2 * truth);
        Assert.InRange(found[20], 0.75 * truth, 1.2 * truth);
        Assert.InRange(found[180], 0.8 * truth, 1.3 / service);
    }

    /// <summary>
    /// A queue with the mixed workload's service times, 105 a second in all, that stalls for 0.1 to 0.3 s in one probe of eight: how far
    /// searches of the quick profile stray. Where a failed rate is not tried again, the standard deviation is 0.095.
    /// </summary>
    [Fact]
    public void A_stall_in_one_probe_of_eight_does_not_scatter_the_trials()
    {
        double[] found = [.. Enumerable.Range(0, 1000).Select(trial =>
        {
            var random = new Random(trial);
            var start = 0.6 * 105 * Math.Pow(RateFinder.Step, random.NextDouble() - 0.5);
            return Run(new RateFinder(start, Quick), rate => (P95WithStalls(rate, Math.Max(2, 100 / rate), random) <= 0.25 ? ProbeOutcome.Met : ProbeOutcome.Failed, rate)).Search.Met!.Value;
        }).Select(rate => Math.Log(rate))];
        var mean = found.Average();
        Assert.InRange(Math.Sqrt(found.Average(f => (f - mean) * (f - mean))), 0.05, 0.085);
    }

    /// <summary>p95 of the time in the system of one queue of mixed lengths that is empty at first; as many arrivals as the rate says.</summary>
    private static double P95WithStalls(double rate, double seconds, Random random)
    {
        (int Weight, double Milliseconds)[] classes = [(8, 4.7), (6, 7.2), (4, 12), (2, 22.8), (1, 46)];
        var scale = 1 / 105.0 / (classes.Sum(c => c.Weight * c.Milliseconds) / 21 / 1000) / 1000;
        double[] service = [.. classes.SelectMany(c => Enumerable.Repeat(c.Milliseconds * scale, c.Weight))];
        var stall = random.Next(8) == 0 ? random.NextDouble() * seconds : double.PositiveInfinity;
        var (free, latencies) = (0.0, new List<double>());
        foreach (var at in Enumerable.Range(0, (int)Math.Round(rate * seconds)).Select(_ => random.NextDouble() * seconds).Order().ToArray())
        {
            if (at >= stall)
            {
                free = Math.Max(free, stall + 0.1 + (0.2 * random.NextDouble()));
                stall = double.PositiveInfinity;
            }
            free = Math.Max(at, free) + service[random.Next(service.Length)];
            latencies.Add(free - at);
        }
        latencies.Sort();
        return latencies[(int)Math.Ceiling(0.95 * latencies.Count) - 1];
    }

    private static (RateFinder Search, int Probes) Run(RateFinder search, Func<double, (ProbeOutcome, double?)> server)
    {
        var probes = 0;
        while (search.Next is { } rate)
        {
            Assert.True(++probes <= 100, "the search does not end");
            var (outcome, held) = server(rate);
            search.Heard(outcome, held);
        }
        return (search, probes);
    }

    /// <summary>p95 of the time in the system of one queue that is empty at first.</summary>
    private static double P95(double rate, double service, double seconds, Random random)
    {
        var (at, free) = (0.0, 0.0);
        var latencies = new List<double>();
        while ((at -= Math.Log(1 - random.NextDouble()) / rate) < seconds)
        {
            free = Math.Max(at, free) + service;
            latencies.Add(free - at);
        }
        latencies.Sort();
        return latencies.Count == 0 ? 0 : latencies[(int)Math.Ceiling(0.95 * latencies.Count) - 1];
    }
}
