using ServeBench.Domain.Plans;
using ServeBench.Load.Patterns;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.Tests.Schedules;

public sealed class ArrivalScheduleTests
{
    private const double Rate = 250;

    [Fact]
    public void Poisson_gaps_are_exponential()
    {
        var gaps = Gaps(Create("poisson", Rate, 11), 20_000);
        Assert.True(KolmogorovSmirnov.Accepts(gaps, Exponential));
        Assert.InRange(gaps.Average(), 0.98e9 / Rate, 1.02e9 / Rate);
    }

    [Fact]
    public void The_test_of_gaps_tells_other_schedules_from_a_poisson_process()
    {
        Assert.False(KolmogorovSmirnov.Accepts(Gaps(Create("constant", Rate, 11), 2_000), Exponential));
        Assert.False(KolmogorovSmirnov.Accepts(Gaps(Create("poisson", Rate * 1.1, 11), 20_000), Exponential));
    }

    /// <summary>In a Poisson process the number of arrivals in a second has a variance equal to its mean.</summary>
    [Fact]
    public void Poisson_counts_per_second_vary_as_they_should()
    {
        var schedule = Create("poisson", Rate, 5);
        var counts = new double[400];
        for (var at = schedule.Next(); at / 1_000_000_000 is var second && second < counts.Length; at = schedule.Next()) counts[second]++;
        var mean = counts.Average();
        var variance = counts.Sum(c => (c - mean) * (c - mean)) / (counts.Length - 1);
        // The ratio has a standard deviation of sqrt(2 / 399) = 0.071.
        Assert.InRange(variance / mean, 0.78, 1.22);
    }

    [Fact]
    public void Neighbouring_poisson_gaps_are_uncorrelated()
    {
        var gaps = Gaps(Create("poisson", Rate, 3), 20_000);
        var mean = gaps.Average();
        var covariance = gaps.Zip(gaps.Skip(1), (a, b) => (a - mean) * (b - mean)).Average();
        var variance = gaps.Average(g => (g - mean) * (g - mean));
        // The correlation of independent gaps has a standard deviation of 1 / sqrt(20000) = 0.007.
        Assert.InRange(covariance / variance, -0.025, 0.025);
    }

    /// <summary>Written down so that no later version can change anyone's arrivals unnoticed.</summary>
    [Fact]
    public void Poisson_arrivals_of_a_seed_never_change()
    {
        var schedule = Create("poisson", 1000, 2024);
        Assert.Equal([2886109, 3131877, 5762203, 7596562, 7853197, 9260216], Enumerable.Range(0, 6).Select(_ => schedule.Next()));
    }

    [Fact]
    public void Other_seeds_give_other_arrivals() => Assert.NotEqual(
        Gaps(Create("poisson", 1000, 1), 10), Gaps(Create("poisson", 1000, 2), 10));

    [Fact]
    public void Constant_arrivals_do_not_drift()
    {
        var schedule = Create("constant", 3, 0);
        long last = 0;
        for (var i = 0; i <= 3_000_000; i++) last = schedule.Next();
        Assert.Equal(1_000_000L * 1_000_000_000, last);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_rate_that_is_not_above_0_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Create("poisson", rate, 1));

    [Fact]
    public void A_process_that_no_pattern_makes_is_refused()
    {
        var e = Assert.Throws<ArgumentException>(() => Create("bursty", 1, 1));
        Assert.Contains("(bursty) cannot be made", e.Message, StringComparison.Ordinal);
    }

    private static ArrivalSchedule Create(string arrivals, double rate, long seed) => LoadPattern.Of(new OpenLoop(arrivals, rate)).RunIn(seed)!;

    private static double Exponential(double gap) => 1 - Math.Exp(-gap * Rate / 1e9);

    private static double[] Gaps(ArrivalSchedule schedule, int count)
    {
        var before = schedule.Next();
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var at = schedule.Next();
            var gap = at - before;
            before = at;
            return (double)gap;
        })];
    }
}
