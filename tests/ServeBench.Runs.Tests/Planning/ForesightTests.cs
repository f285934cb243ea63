using ServeBench.Measurement.Results;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Tests.Planning;

[Lane("slow")]
public class ForesightTests
{
    private static readonly TimeSpan Expected = TimeSpan.FromMinutes(6);

    [Fact]
    public void Says_what_a_run_will_resolve_and_what_five_per_cent_cost()
    {
        var line = Foresight.Line("capacity", 8, 3, 2, null, Expected);
        Assert.Contains("assumed: there is no earlier run", line, StringComparison.Ordinal);
        var trials = Number(line, "--trials=");
        Assert.InRange(trials, 8, 60);
        Assert.Contains($"about {2 * trials} min instead of 6 min", line, StringComparison.Ordinal);
        Assert.InRange(Number(line, "stacks "), 12, 40);
    }

    [Fact]
    public void What_is_known_of_this_machine_counts_and_more_trials_tell_more()
    {
        var known = new KnownSpread(0.01, "20260102T030405Z-embeddings");
        Assert.Contains("scatters by 1.0 %, as in 20260102T030405Z-embeddings", Foresight.Line("latency", 2, 3, 1, known, Expected), StringComparison.Ordinal);
        Assert.True(Number(Foresight.Line("latency", 2, 3, 1, null, Expected), "stacks ") > Number(Foresight.Line("latency", 2, 10, 1, null, Expected), "stacks "));
        Assert.EndsWith("no further than 5 %", Foresight.Line("latency", 2, 10, 1, known, Expected), StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public void A_single_trial_tells_nothing_and_a_wild_machine_never_will()
    {
        Assert.Contains("none, since a single trial", Foresight.Line("capacity", 2, 1, 1, null, Expected), StringComparison.Ordinal);
        Assert.Contains("more than 200 trials", Foresight.Line("capacity", 2, 3, 1, new KnownSpread(0.5, "r"), Expected), StringComparison.Ordinal);
    }

    /// <summary>A closed loop says little of how a search of short probes will scatter.</summary>
    [Fact]
    public void A_spread_is_known_of_the_metric_that_will_decide()
    {
        static NoiseFloor Floor(string question, string workload, string metric, double spread) =>
            new(question, workload, "m", "process", "s", null, metric, spread, 0, 1, 4, 3, 1.2, 1.3, 7, []);
        var known = new KnownSpreads("r", [Floor("capacity", "v", "item-throughput", 0.03), Floor("capacity", "w", "item-throughput", 0.02), Floor("latency", "w", "latency-p95", 0.06)]);
        Assert.Equal(new KnownSpread(0.03, "r"), known.Of("capacity", ["item-throughput"]));
        Assert.Null(known.Of("capacity", ["max-rate"]));
        Assert.Equal(new KnownSpread(0.06, "r"), known.Of("latency", ["latency-p95", "latency-p90"]));
    }

    private static int Number(string text, string after) =>
        int.Parse(new string([.. text[(text.IndexOf(after, StringComparison.Ordinal) + after.Length)..].TakeWhile(char.IsAsciiDigit)]));
}
