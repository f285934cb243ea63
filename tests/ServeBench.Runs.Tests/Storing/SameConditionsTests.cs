using ServeBench.Domain.Trials;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Tests.Storing;

public class SameConditionsTests
{
    private static readonly ConditionsRecord Now = new()
    {
        ReadUtc = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), Boot = "a", BackgroundBusy = 0.02, DriverRates = [1000, 1010, 990],
    };

    [Fact]
    public void An_older_record_says_nothing_of_its_conditions() => Assert.NotNull(SameConditions.Difference(null, Now));

    [Fact]
    public void What_this_very_start_measured_is_its_own_however_busy_the_machine_is()
    {
        var busy = Now with { BackgroundBusy = 0.9 };
        Assert.Null(SameConditions.Difference(busy, busy));
        Assert.Contains("90 % busy", SameConditions.Difference(busy with { ReadUtc = Now.ReadUtc.AddHours(-1) }, Now));
        Assert.Contains("90 % busy with something else now", SameConditions.Difference(Now with { ReadUtc = Now.ReadUtc.AddHours(-1) }, busy));
    }

    [Fact]
    public void A_load_that_cannot_be_told_does_not_count() =>
        Assert.Null(SameConditions.Difference(Now with { ReadUtc = default, BackgroundBusy = null }, Now with { BackgroundBusy = null }));

    /// <summary>Five in a hundred are no difference; more is one only when it is more than the figures' own noise.</summary>
    [Theory]
    [InlineData(new[] { 1040.0, 1040, 1040 }, true)]
    [InlineData(new[] { 1090.0, 1090, 1090 }, false)]
    [InlineData(new[] { 920.0, 920, 920 }, false)]
    [InlineData(new[] { 900.0, 1090, 1300 }, true)]
    [InlineData(new[] { 1040.0 }, true)]
    [InlineData(new[] { 1200.0 }, false)]
    public void The_driver_is_compared_by_more_than_noise(double[] then, bool same) =>
        Assert.Equal(same, SameConditions.DriverDifference(then, Now.DriverRates) is null);
}
