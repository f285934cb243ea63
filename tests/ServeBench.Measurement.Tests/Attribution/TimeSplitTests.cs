using ServeBench.Domain.Trials;
using ServeBench.Measurement.Attribution;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Tests.Metrics;
using ServeBench.Synthetic;

namespace ServeBench.Measurement.Tests.Attribution;

public sealed class TimeSplitTests : IDisposable
{
    /// <summary>Of 100 requests, 10 ms each at the server: 1 input, 2 queue, 6 inference of which a quarter is padding, 0.5 output.</summary>
    private static readonly ServerTimings Timings = new(100, 1, 0.1, 0.2, 0.6, 0.05, 300, 100);

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Every_part_of_a_server_that_tells_all_is_what_was_planted()
    {
        var (whole, parts, gap) = TimeSplit.Split([Time(0.011, Timings)], 0.005, 1);
        Assert.Equal(0.011, whole, 12);
        double[] planted = [0.001, 0.001, 0.002, 0.0015, 0.0045, 0.0005, 0.0005];
        Assert.Equal(TimeParts.All, parts.Select(p => p.Id));
        Assert.All(planted.Zip(parts), p => Assert.Equal(p.First, p.Second.Seconds!.Value, 12));
        // One in flight waits for nobody: the raw runtime's time is inference.
        Assert.Equal([TimeParts.Inference], Assert.Single(gap!, g => g.BeyondRaw).Parts);
        Assert.Equal(0.0045 - 0.005, gap!.Single(g => g.BeyondRaw).Seconds, 12);
    }

    [Theory]
    [InlineData(1, true, true, true)]
    [InlineData(16, true, true, true)]
    [InlineData(16, false, true, true)]
    [InlineData(16, true, false, true)]
    [InlineData(1, false, false, false)]
    [InlineData(4, true, true, false)]
    public void The_parts_add_up_to_the_whole_and_the_causes_to_the_gap(int concurrency, bool queue, bool inference, bool tokens)
    {
        var told = Timings with { QueueSeconds = queue ? Timings.QueueSeconds : null, InferenceSeconds = inference ? Timings.InferenceSeconds : null, Tokens = tokens ? 300 : null, Padding = tokens ? 100 : null };
        // Trials that differ: means are taken of parts and of the whole, so that sums survive.
        var (whole, parts, gap) = TimeSplit.Split([Time(0.011, told), Time(0.0145, told with { RequestSeconds = 1.3 }), Time(0.0121, told)], 0.0061, concurrency);
        Assert.Equal(whole, parts.Sum(p => p.Seconds ?? 0), 12);
        Assert.Equal(whole - 0.0061, gap!.Sum(g => g.Seconds), 12);
        Assert.All(parts.Where(p => p.Seconds is null), p => Assert.False(string.IsNullOrEmpty(p.NotMeasured)));
        Assert.Equal(queue, parts.Single(p => p.Id == TimeParts.Queue).Seconds is not null);
        Assert.Equal(inference && tokens, parts.Single(p => p.Id == TimeParts.Padding).Seconds is not null);
    }

    [Fact]
    public void A_server_without_timers_has_one_part_and_a_reason_for_each_other()
    {
        var (whole, parts, gap) = TimeSplit.Split([RequestTime.Of(0.02, Facts.Record)], 0.015, 1);
        Assert.Equal(whole, parts.Single(p => p.Seconds is not null).Seconds);
        Assert.All(parts.Where(p => p.Id != TimeParts.Rest), p => Assert.Equal("its stack announces no timers", p.NotMeasured));
        Assert.Equal(0.005, Assert.Single(gap!).Seconds, 12);
    }

    [Fact]
    public void Timers_that_overlap_are_not_believed()
    {
        var overlapping = Time(0.011, Timings with { InferenceSeconds = 0.9 });
        Assert.Contains("add up to", overlapping.Absence, StringComparison.Ordinal);
        var slower = Time(0.009, Timings);
        Assert.Equal("its timers say 10.0 ms of requests that took the client 9.00 ms", slower.Absence);
        Assert.Null(slower.Server);
    }

    [Fact]
    [Lane("slow")]
    public void Of_a_run_every_stack_has_its_split_at_one_in_flight_and_at_its_best_level()
    {
        var results = RunEvaluator.Evaluate(new SyntheticRun().Write(_temporary.Path), TestContext.Current.CancellationToken);
        Assert.NotEmpty(results.Times!);
        foreach (var split in results.Times!)
        {
            Assert.Equal(split.Whole, split.Parts.Sum(p => p.Seconds ?? 0), 8);
            Assert.Equal(split.Whole - split.Raw!.Value, split.Gap!.Sum(g => g.Seconds), 8);
            Assert.True(split.IsBest || split.Concurrency == 1);
            // In a closed loop, requests in flight / their mean time is the throughput (Little).
            var of = results.Cases.Single(c => c.Contender == split.Contender && c.Workload == split.Workload && c.Level == split.Level);
            Assert.Equal(of.Concurrency!.Value / of.Median("request-throughput")!.Value, split.Whole, 0.15 * split.Whole);
        }
        Assert.DoesNotContain(results.Times!, t => t.Contender.EndsWith("(again)", StringComparison.Ordinal));
        var mixed = results.Times!.Where(t => t.Workload == "mixed-length" && t.Contender == SyntheticRun.Batched).ToArray();
        Assert.Contains(mixed, t => t.Concurrency == 1);
        Assert.Contains(mixed, t => t.IsBest);
        // With one item at hand the raw runtime has no batch: 0.86 of its best rate in the planted sweep.
        var raw = results.Ceilings.Single(c => c.Workload == "mixed-length");
        Assert.Equal(1 / (raw.ItemsPerSecond.Median!.Value * raw.Sweep[0].ItemsPerSecond / raw.Sweep[1].ItemsPerSecond), mixed.First(t => t.Concurrency == 1).Raw!.Value, 9);
    }

    private static RequestTime Time(double whole, ServerTimings timings) => RequestTime.Of(whole, Facts.Record with { Counters = new ServerCounters(100, 100) { Timings = timings } });
}
