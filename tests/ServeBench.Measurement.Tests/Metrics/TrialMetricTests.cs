using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Tests.Metrics;

/// <summary>Each metric against numbers worked out by hand.</summary>
public class TrialMetricTests
{
    /// <summary>100 requests of 2 items in 2 s: 90 good ones of 10 ms, 6 timeouts, 4 answered with 5xx.</summary>
    private static readonly Sample[] Mixed =
    [
        .. Facts.Answered(90, _ => 10),
        .. Enumerable.Range(0, 6).Select(i => Facts.Answer(i * Facts.Millisecond, 10_000, Outcome.Timeout)),
        .. Enumerable.Range(0, 4).Select(i => Facts.Answer(i * Facts.Millisecond, 3, Outcome.ServerError)),
    ];

    [Theory]
    [InlineData("request-throughput", 45)]
    [InlineData("item-throughput", 90)]
    [InlineData("failure-share", 0.1)]
    [InlineData("failure-rate", 5)]
    [InlineData("goodput", 45)]
    [InlineData("memory-mean", 300e6)]
    [InlineData("memory-peak", 320e6)]
    [InlineData("server-cores", 0.75)]
    [InlineData("cpu-per-request", 1.5 / 90)]
    [InlineData("client-busy", 0.2)]
    [InlineData("client-cpu-per-request", 4e-5)]
    [InlineData("average-batch", 4)]
    [InlineData("memory-per-1k", 300e6 / 0.09)]
    [InlineData("serving-efficiency", 0.75)]
    [InlineData("transfer-rate", ((90 * 500) + (90 * 1000)) / 2.0)]
    [InlineData("latency-p50", 0.010)]
    [InlineData("latency-p90", 0.010)]
    public void Measures(string metric, double expected) =>
        Assert.Equal(expected, Value(metric, Facts.Of(Mixed, ceiling: 120)) ?? double.NaN, Math.Abs(expected) * 1e-9);

    /// <summary>k6 cannot wait for a closed loop's count: the reason says so, and only there.</summary>
    [Fact]
    public void A_percentile_that_k6_could_not_wait_for_says_why()
    {
        var record = Facts.Record with { WarmUp = new WarmUpRecord(true, 1, [], FixedLength: true), Load = Facts.Record.Load with { Driver = "k6 2.2.0" } };
        string? Reason(TrialRecord of) => LatencyPercentile.EndToEnd(0.95).Measure(Facts.Of(Facts.Answered(100, _ => 5), of)).Reason;
        Assert.Equal("k6 2.2.0 ends a closed loop's window by time alone, and p95 needs at least 130 samples and there are 100", Reason(record));
        Assert.Equal("p95 needs at least 130 samples and there are 100", Reason(record with { Load = record.Load with { Loop = "open", Concurrency = null } }));
        Assert.Equal("p95 needs at least 130 samples and there are 100", Reason(Facts.Record));
    }

    [Fact]
    public void Latency_counts_from_the_intended_send_and_service_from_the_actual_one()
    {
        var facts = Facts.Of(Facts.Answered(200, i => 1 + i).Select(s => s with { Sent = s.Intended + (Facts.Millisecond / 2) }));
        Assert.Equal(190.05e-3, Value("latency-p95", facts)!.Value, 9); // 1 + 0.95 x 199
        Assert.Equal(189.55e-3, Value("service-latency-p95", facts)!.Value, 9);
        Assert.Equal(0.5e-3, Value("lag-p95", facts)!.Value, 9);
    }

    [Fact]
    public void Only_good_answers_have_a_latency() =>
        Assert.Equal(0.010, Value("latency-p90", Facts.Of(Mixed))!.Value, 12);

    [Fact]
    public void A_request_never_sent_has_no_lag()
    {
        var facts = Facts.Of([.. Facts.Answered(200, _ => 10), .. Enumerable.Range(0, 50).Select(i => Facts.Answer(i, 900, Outcome.Refused, lag: 900 * Facts.Millisecond))]);
        Assert.Equal(200, facts.Samples.Lag.Length);
        Assert.Equal(0, Value("lag-p95", facts));
    }

    [Fact]
    public void Goodput_counts_what_met_the_latency_objective()
    {
        var record = Facts.Record with { Load = Facts.Record.Load with { ObjectiveP95Seconds = 0.010 } };
        Assert.Equal(25, Value("goodput", Facts.Of(Facts.Answered(100, i => i < 50 ? 10 : 11), record)));
    }

    [Theory]
    [InlineData("latency-p90", 63, "p90 needs at least 64 samples and there are 63")]
    [InlineData("latency-p99", 90, "p99 needs at least 662 samples and there are 90")]
    [InlineData("latency-p50", 0, "no request succeeded")]
    [InlineData("cpu-per-request", 0, "no request succeeded")]
    [InlineData("memory-per-1k", 0, "no request succeeded")]
    [InlineData("failure-share", 0, "no request was made")]
    public void Says_why_not(string metric, int answers, string reason)
    {
        var measured = Measure(metric, Facts.Of(Facts.Answered(answers, _ => 10)));
        Assert.Null(measured.Value);
        Assert.Equal(reason, measured.Reason);
    }

    [Fact]
    public void What_was_not_read_is_not_zero()
    {
        var record = Facts.Record with
        {
            Server = new ServerUse { Cpus = [], Source = "the operating system does not tell" },
            Counters = null,
            Client = new ClientUse { Cpus = [] },
        };
        var facts = Facts.Of(Facts.Answered(10, _ => 1), record);
        Assert.Equal("the operating system does not tell", Measure("memory-mean", facts).Reason);
        Assert.Equal("the operating system does not tell", Measure("cpu-per-request", facts).Reason);
        Assert.Equal("no counters are recorded, nor why", Measure("average-batch", facts).Reason);
        Assert.Equal("the raw runtime was not measured on this workload", Measure("serving-efficiency", facts).Reason);
        Assert.Equal("the use of the client's cores was not read", Measure("client-busy", facts).Reason);
        Assert.All(MetricCatalogue.OfTrials, m => Assert.True(m.Measure(facts) is { Value: not null } or { Reason.Length: > 0 }));
    }

    [Fact]
    public void A_server_on_another_machine_has_no_share_of_this_ones_raw_runtime()
    {
        var facts = Facts.Of(Mixed, Facts.Record with { Between = "the network and an ssh tunnel" }, ceiling: 120);
        Assert.Null(Value("serving-efficiency", facts));
        Assert.Equal("the raw runtime was measured on the client's machine, and the server ran on another", Measure("serving-efficiency", facts).Reason);
    }

    [Fact]
    public void Serving_efficiency_is_asked_in_closed_loops_only()
    {
        var metric = MetricCatalogue.OfTrials.Single(m => m.Id == "serving-efficiency");
        Assert.True(metric.AppliesTo(Facts.Record.Load));
        Assert.False(metric.AppliesTo(Facts.Record.Load with { Loop = "open", RatePerSecond = 10 }));
    }

    private static Measured Measure(string metric, TrialFacts facts) => MetricCatalogue.OfTrials.Single(m => m.Id == metric).Measure(facts);

    private static double? Value(string metric, TrialFacts facts) => Measure(metric, facts).Value;
}
