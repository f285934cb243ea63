using System.Diagnostics;

namespace ServeBench.Platform.Tests;

public sealed class MonotonicClockTests
{
    [Theory]
    [InlineData(1_000_000_000, 1_234_567_890, 1_234_567_890)]
    [InlineData(10_000_000, 12_345_678, 1_234_567_800)]
    [InlineData(3, 7, 2_333_333_333)]
    public void Ticks_of_any_frequency_become_nanoseconds(long frequency, long ticks, long nanoseconds) =>
        Assert.Equal(nanoseconds, new MonotonicClock(new FixedTime(frequency, ticks)).Now);

    [Fact]
    public void The_systems_clock_is_that_of_the_stopwatch()
    {
        var before = Stopwatch.GetTimestamp() * 1e9 / Stopwatch.Frequency;
        var now = MonotonicClock.System.Now;
        var after = Stopwatch.GetTimestamp() * 1e9 / Stopwatch.Frequency;
        Assert.InRange(now, before - 1000, after + 1000);
    }

    private sealed class FixedTime(long frequency, long ticks) : TimeProvider
    {
        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => ticks;
    }
}
