using ServeBench.Load.Native;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Native;

public sealed class WarmUpMeterTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Settles_when_six_windows_in_a_row_show_no_trend()
    {
        var meter = new WarmUpMeter();
        foreach (var (requests, settled) in new[] { (100, false), (150, false), (166, false), (168, false), (170, false), (171, false), (169, true), (168, true), (170, true), (167, true) })
        {
            Window(meter, requests, 5_000_000);
            Assert.Equal(settled, meter.Settled);
        }
    }

    [Fact]
    public void Latency_must_be_without_a_trend_as_well_as_the_rate()
    {
        var meter = new WarmUpMeter();
        foreach (var milliseconds in new[] { 9, 8, 7, 6, 5, 4 }) Window(meter, 100, milliseconds * 1_000_000);
        Assert.False(meter.Settled);
        foreach (var milliseconds in new[] { 4, 5, 4, 5, 4, 5 }) Window(meter, 100, milliseconds * 1_000_000);
        Assert.True(meter.Settled);
    }

    [Fact]
    public void A_server_that_answers_nothing_never_settles()
    {
        var meter = new WarmUpMeter();
        for (var i = 0; i < 8; i++) Window(meter, 0, 0);
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
        foreach (var tail in new[] { 60, 50, 40, 30, 20, 10 })
        {
            for (var i = 0; i < requests; i++) meter.Succeeded(i < 20 ? tail * 1_000_000L : 5_000_000);
            meter.Close(Second);
        }
        Assert.Equal(settled, meter.Settled);
    }

    private static void Window(WarmUpMeter meter, int requests, long latency)
    {
        for (var i = 0; i < requests; i++) meter.Succeeded(latency);
        meter.Close(Second);
    }
}

/// <summary>The test of trend has the error rates that docs/decisions/0032 states.</summary>
[Lane("slow")]
public sealed class TrendTests
{
    private const int Repetitions = 4000;

    [Theory]
    [InlineData(6, 15, 2.0 / 720)]
    [InlineData(6, 13, 12.0 / 720)]
    [InlineData(6, 11, 40.0 / 720)]
    public void Its_level_is_exact(int windows, int s, double chance)
    {
        // Of ordered values, neighbours that change places take 2 from S each.
        var values = Enumerable.Range(1, windows).Select(i => (double)i).ToArray();
        for (var swap = 0; swap < (15 - s) / 2; swap++) (values[2 * swap], values[2 * swap + 1]) = (values[2 * swap + 1], values[2 * swap]);
        Assert.Equal(chance, Trend.Chance(values), 12);
    }

    /// <summary>One row of six steady windows in thirty is taken for a trend, at most, while windows stray by up to 6 %.</summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.03)]
    [InlineData(0.06)]
    public void A_steady_server_is_seldom_taken_for_one_that_warms_up(double noise) => Assert.InRange(Share(noise, 0), 0, 0.033);

    /// <summary>A server that still gets faster by 6 % from window to window is found nine times in ten, where windows stray by 3 %.</summary>
    [Theory]
    [InlineData(0.03, 0.06, 0.9)]
    [InlineData(0.06, 0.08, 0.9)]
    [InlineData(0.01, 0.02, 0.9)]
    public void A_server_that_still_warms_up_is_found(double noise, double perWindow, double power) => Assert.InRange(Share(noise, perWindow), power, 1);

    private static double Share(double noise, double perWindow)
    {
        var random = new Xoshiro256(7);
        double Bell() => Math.Sqrt(-2 * Math.Log(random.NextUnit())) * Math.Cos(2 * Math.PI * random.NextUnit());
        var found = 0;
        for (var i = 0; i < Repetitions; i++)
        {
            if (Trend.IsIn([.. Enumerable.Range(0, WarmUpMeter.Row).Select(w => 100 * (1 + (perWindow * w)) * Math.Exp(noise * Bell()))])) found++;
        }
        return (double)found / Repetitions;
    }
}
