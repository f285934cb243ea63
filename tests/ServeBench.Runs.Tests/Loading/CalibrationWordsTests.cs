using ServeBench.Domain.Trials;
using ServeBench.Runs.Calibrating;

namespace ServeBench.Runs.Tests.Loading;

public sealed class CalibrationWordsTests
{
    /// <summary>The figure that misses its bound by most is told, with how late this machine lets a request be sent.</summary>
    [Theory]
    [InlineData(0.0056, "0.60 ms too long at p50 (5.00 ms planted), more than 2 % and 0.2 ms.")]
    [InlineData(0.0046, "0.40 ms too short at p50 (5.00 ms planted), more than 2 % and 0.2 ms.")]
    public void What_was_missed_is_said_with_the_figure(double reported, string expected)
    {
        var text = CalibrationWords.Wrong(Record(reported, new LatenessPoint(2000, 0.000066, 0.000329, 0.0034)));
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains("wakes a sleeping thread 0.06 ms late in the median and 0.12 ms at p95", text, StringComparison.Ordinal);
        Assert.Contains("sent requests 0.07 ms late in the median and 0.33 ms at p99", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_lateness_is_unknown_nothing_is_said_of_it() =>
        Assert.DoesNotContain("in the median", CalibrationWords.Wrong(Record(0.0056, null)), StringComparison.Ordinal);

    private static CalibrationRecord Record(double median, LatenessPoint? lateness) => new()
    {
        Fingerprint = "f",
        Driver = "native",
        MeasuredByRun = "r",
        StartedUtc = default,
        RequestBytes = 1,
        ResponseBytes = 1,
        MaximumRequestsPerSecond = 1,
        Points = [],
        Lateness = lateness,
        WakeUp = lateness is null ? null : new WakeUpPoint(0.00006, 0.00012),
        Truth = new TruthCheck("lognormal", 1000, 1000, [new TruthPoint(50, 0.005, median), new TruthPoint(95, 0.026, 0.0263)]),
        ClientCpus = [],
        ServerCpus = [],
    };
}
