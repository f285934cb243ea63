using ServeBench.Domain.Plans;
using ServeBench.Load.Patterns;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.Tests.Schedules;

public sealed class WindowArrivalsTests
{
    private const long Second = 1_000_000_000;

    /// <summary>An unconditioned count of mean 150 strays by 12; given the count, every window has the rate that is named.</summary>
    [Fact]
    public void Every_window_holds_exactly_the_arrivals_of_its_rate()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var schedule = LoadPattern.Of(new OpenLoop("poisson", 50)).OfWindow(TimeSpan.FromSeconds(3), seed)!;
            var count = 0;
            var last = -1L;
            for (var at = schedule.Next(); at < 3 * Second; at = schedule.Next(), count++)
            {
                Assert.InRange(at, last, 3 * Second - 1);
                last = at;
            }
            Assert.Equal(150, count);
        }
    }

    [Fact]
    public void Given_their_number_arrivals_are_uniform_over_the_window()
    {
        double[] places = [.. Enumerable.Range(0, 200).SelectMany(seed => Take(new WindowArrivals(50, 2 * Second, seed), 100)).Select(at => (double)at)];
        Assert.True(KolmogorovSmirnov.Accepts(places, at => at / (2.0 * Second)));
    }

    /// <summary>Their gaps are those of a Poisson process: in a tenth of the window the counts vary as binomial ones do, and not as evenly spaced ones.</summary>
    [Fact]
    public void Counts_within_the_window_vary()
    {
        double[] counts = [.. Enumerable.Range(0, 2000).Select(seed => (double)Take(new WindowArrivals(100, Second, seed), 100).Count(at => at < Second / 10))];
        var variance = counts.Sum(c => (c - 10) * (c - 10)) / counts.Length;
        // 100 x 0.1 x 0.9 = 9; the variance of 2,000 such counts strays by about 3 %.
        Assert.InRange(variance, 8, 10);
    }

    [Fact]
    public void After_the_window_the_process_goes_on()
    {
        var schedule = new WindowArrivals(1000, Second, 4);
        _ = Take(schedule, 1000);
        var after = Take(schedule, 1000);
        Assert.InRange(after[0], Second, 2 * Second);
        Assert.InRange((after[^1] - Second) / (double)Second, 0.85, 1.15);
    }

    private static long[] Take(ArrivalSchedule schedule, int count) => [.. Enumerable.Range(0, count).Select(_ => schedule.Next())];
}
