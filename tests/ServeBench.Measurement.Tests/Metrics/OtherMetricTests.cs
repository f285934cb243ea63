using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Tests.Metrics;

public class OtherMetricTests
{
    private static readonly SweepPoint[] Sweep = [new(1, 100), new(4, 240), new(16, 320)];

    [Fact]
    public void Batch_efficiency_relates_to_one_item_in_flight()
    {
        var metric = new BatchEfficiency();
        Assert.Equal(1, metric.Measure(Sweep[0], Sweep).Value);
        Assert.Equal(0.6, metric.Measure(Sweep[1], Sweep).Value);
        Assert.Equal(0.2, metric.Measure(Sweep[2], Sweep).Value);
    }

    [Fact]
    public void Batch_efficiency_says_why_not()
    {
        var metric = new BatchEfficiency();
        Assert.Equal("the sweep has no level with one item in flight", metric.Measure(Sweep[1], [Sweep[1], Sweep[2]]).Reason);
        Assert.Equal("nothing succeeded with one item in flight", metric.Measure(Sweep[1], [new(1, 0), Sweep[1]]).Reason);
    }

    [Fact]
    public void Cold_start_is_measured_where_a_correct_answer_came()
    {
        var metric = new ColdStart();
        Assert.Equal(0.4, metric.Measure(Deployment with { ColdStartSeconds = 0.4 }).Value);
        Assert.Equal("the port was in use", metric.Measure(Deployment with { Failure = "the port was in use" }).Reason);
        Assert.Equal("the server never gave a correct answer", metric.Measure(Deployment).Reason);
    }

    [Fact]
    public void A_value_is_a_number() => Assert.Throws<ArgumentOutOfRangeException>(() => Measured.Of(double.NaN));

    private static DeploymentRecord Deployment { get; } = new()
    {
        Id = "d", Fingerprint = "f", Contender = "a", Stack = "a", IsTwin = false, Track = "default", Model = "m", Weights = "seeded", Precision = "fp32",
        Host = "process", Trial = 1, MeasuredByRun = "run", StartedUtc = DateTimeOffset.UnixEpoch, Command = "server", Cpus = [1],
    };
}
