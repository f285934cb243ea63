using ServeBench.Load.Native;

namespace ServeBench.Load.Tests.Native;

public sealed class WarmUpMeterTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Settles_when_three_windows_in_a_row_agree_within_a_tenth()
    {
        var meter = new WarmUpMeter();
        foreach (var (requests, settled) in new[] { (100, false), (150, false), (166, false), (166, false), (166, true), (150, false), (150, false), (150, true), (160, true) })
        {
            Window(meter, requests, 5_000_000);
            Assert.Equal(settled, meter.Settled);
        }
    }

    [Fact]
    public void Latency_must_agree_as_well_as_the_rate()
    {
        var meter = new WarmUpMeter();
        Window(meter, 100, 5_000_000);
        Window(meter, 100, 5_600_000);
        Window(meter, 100, 5_500_000);
        Assert.False(meter.Settled);
        Window(meter, 100, 5_500_000);
        Assert.True(meter.Settled);
    }

    [Fact]
    public void A_server_that_answers_nothing_never_settles()
    {
        var meter = new WarmUpMeter();
        for (var i = 0; i < 5; i++) Window(meter, 0, 0);
        Assert.False(meter.Settled);
        Assert.All(meter.Windows, w => Assert.Equal((1, 0, null, null), (w.Seconds, w.RequestsPerSecond, w.P50Seconds, w.P95Seconds)));
    }

    [Fact]
    public void A_window_has_its_rate_and_its_interpolated_p95()
    {
        var meter = new WarmUpMeter();
        foreach (var latency in Enumerable.Range(1, 10_000).Reverse()) meter.Succeeded(latency * 1000L);
        meter.Close(2 * Second);
        var window = Assert.Single(meter.Windows);
        Assert.Equal((2, 5000), (window.Seconds, window.RequestsPerSecond));
        Assert.Equal(9500.05e-6, window.P95Seconds!.Value, 12);
    }

    /// <summary>A percentile without support is chance (method.md, rule 14): the fewest of 129 requests in the tail say nothing.</summary>
    [Theory]
    [InlineData(129, true)]
    [InlineData(130, false)]
    public void P95_counts_only_where_the_samples_support_it(int requests, bool settled)
    {
        var meter = new WarmUpMeter();
        foreach (var slow in new[] { 20, 2, 20 })
        {
            for (var i = 0; i < requests; i++) meter.Succeeded(i < slow ? 50_000_000 : 5_000_000);
            meter.Close(Second);
        }
        Assert.Equal(settled, meter.Settled);
        Assert.All(meter.Windows, w => Assert.Equal((0.005, settled), (w.P50Seconds, w.P95Seconds is null)));
    }

    private static void Window(WarmUpMeter meter, int requests, long latency)
    {
        for (var i = 0; i < requests; i++) meter.Succeeded(latency);
        meter.Close(Second);
    }
}
