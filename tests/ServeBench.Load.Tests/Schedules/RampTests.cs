using ServeBench.Domain.Plans;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.Tests.Schedules;

public sealed class RampTests
{
    /// <summary>
    /// The example of k6's own comment on cal() (lib/executor/ramping_arrival_rate.go): 2/s for 5 s, then up to 3/s in 5 s. The
    /// first arrival is due at 0.5 s, the tenth ends the first stage, and the twelfth's area is 2 in the second one.
    /// </summary>
    [Fact]
    public void Arrivals_are_where_k6_has_them()
    {
        var ramp = new RampArrivals(Of(2, (5, 2), (5, 3)));
        Assert.Equal(22.5, ramp.Area, 9);
        Assert.Equal(500_000_000, ramp.At(0));
        Assert.Equal(5_000_000_000, ramp.At(9));
        // 2 x + x^2 / 10 = 2 at x = sqrt(120) - 10.
        Assert.Equal((long)Math.Round((5 + Math.Sqrt(120) - 10) * 1e9), ramp.At(11), 1.0);
    }

    /// <summary>The root as k6 writes it, with its truncation to whole nanoseconds.</summary>
    [Fact]
    public void The_formula_is_the_root_that_k6_writes()
    {
        const double from = 40e-9, to = 7e-9, length = 3e9;
        var ramp = new RampArrivals(Of(40, (3, 7)));
        for (var i = 1; i <= (int)ramp.Area; i++)
        {
            var x = (from * length - Math.Sqrt(length * (from * from * length + 2 * i * (to - from)))) / (from - to);
            Assert.InRange(ramp.At(i - 1) - x, -2, 2);
        }
    }

    [Fact]
    public void Arrivals_rise_go_over_jumps_and_end_with_the_rate()
    {
        var ramp = new RampArrivals(Of(0, (1, 100), (0, 10), (1, 10), (1, 0)));
        var all = new List<long>();
        for (var at = ramp.Next(); at != ArrivalSchedule.Never; at = ramp.Next()) all.Add(at);
        Assert.Equal(65, all.Count); // 50, 10 and 5
        Assert.Equal(all.Order(), all);
        Assert.Equal(50, all.Count(t => t <= 1_000_000_000));
        Assert.Equal(60, all.Count(t => t <= 2_000_000_001));
        Assert.InRange(all[0], 141_421_356, 141_421_357); // 50 t^2 = 1
    }

    [Fact]
    public void The_last_rate_goes_on()
    {
        var ramp = new RampArrivals(Of(10, (1, 20)));
        Assert.Equal(1_000_000_000, ramp.At(14));
        Assert.Equal(1_050_000_000, ramp.At(15));
        Assert.Equal(100_000_000, new RampArrivals(new Ramp(10, [])).At(0));
    }

    [Fact]
    public void Concurrency_changes_when_the_line_comes_to_a_whole_number()
    {
        var steps = ConcurrencySteps.Of(Of(1, (3, 4), (1, 4), (2, 2), (0, 7)));
        Assert.Equal(
            [(1.0, 2), (2.0, 3), (3.0, 4), (5.0, 3), (6.0, 2), (6.0, 7)],
            steps.Select(s => (s.At / 1e9, s.Concurrency)));
    }

    private static Ramp Of(double start, params (double Seconds, double Target)[] stages) => new(start, [.. stages.Select(s => new RampStage(TimeSpan.FromSeconds(s.Seconds), s.Target))]);
}
