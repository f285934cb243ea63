using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Runs.Counters;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Counters;

/// <summary>A stack announces what its server measures of itself with lines in its stack.yaml, and no line of C#.</summary>
public sealed class AnnouncedMeasurementTests : IDisposable
{
    private const string Before = "# HELP x\nx_sum{queue=\"main\",le=\"1 2\"} 10\nx_sum{queue=\"other\"} 100\nx_count{queue=\"main\"} 4\nx_sum_more 7\n";
    private const string After = "x_sum{queue=\"main\",le=\"1 2\"} 16 1700000000\nx_sum{queue=\"other\"} 200\nx_count{queue=\"main\"} 8\n";

    private readonly TinyRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData("x_sum", StackMeasurement.Advance, 106)]
    [InlineData("x_sum{queue=\"main\"}", StackMeasurement.Advance, 6)]
    [InlineData("x_sum{queue=\"main\"} / x_count{queue=\"main\"}", StackMeasurement.Advance, 1.5)]
    [InlineData("x_sum{queue=\"main\"} / x_count", StackMeasurement.Last, 2)]
    [InlineData("x_sum{queue=\"main\"}", StackMeasurement.Rate, 3)]
    [InlineData("x_sum{queue=\"main\"}", StackMeasurement.Last, 16)]
    public void Two_readings_become_a_value(string expression, string aggregation, double expected) =>
        Assert.Equal(expected, CounterReading.Between(new CounterReading(Before, 10), new CounterReading(After, 12), Of(expression, aggregation)).Value!.Value, 12);

    [Theory]
    [InlineData("cache.used", 3)]
    [InlineData("pools[*].blocks", 12)]
    [InlineData("pools[1].blocks", 7)]
    public void A_path_into_JSON_becomes_a_value(string path, double expected)
    {
        var measurement = new StackMeasurement("m", "M", "blocks", StackMeasurement.Last, "neither", null, JsonPath.TryParse(path, out _));
        var reading = new CounterReading("""{"cache":{"used":3},"pools":[{"blocks":5},{"blocks":7}]}""", 0);
        Assert.Equal(expected, CounterReading.Between(null, reading, measurement).Value);
        Assert.Equal($"the server's answer does not have {path}", CounterReading.Between(null, new CounterReading("not JSON", 0), measurement).Absence);
    }

    [Fact]
    public void What_cannot_be_told_says_why()
    {
        string? Why(CounterReading? before, CounterReading? after, string expression = "x_sum") => CounterReading.Between(before, after, Of(expression, StackMeasurement.Advance)).Absence;
        var (first, last) = (new CounterReading(Before, 10), new CounterReading(After, 12));
        Assert.Null(Why(first, last));
        Assert.Equal("the server did not report its counters at the window's beginning", Why(null, last));
        Assert.Equal("the server did not report its counters at the window's end", Why(first, null));
        Assert.Equal("the server's answer does not have y", Why(first, last, "y"));
        Assert.Equal("x_count did not advance in the window", Why(first, first, "x_sum / x_count"));
    }

    [Fact]
    public void What_a_stack_announces_is_read()
    {
        _repository.Stack("alpha", """
            counters:
              path: /metrics
              measurements:
                wait: { title: Time in the queue, unit: s, aggregation: advance, better: lower, prometheus: "a{q=\"main\"} / b" }
                blocks: { title: Blocks, unit: blocks, aggregation: last, better: neither, json: "pools[*].used" }
            """.ReplaceLineEndings("\n"));
        var counters = _repository.Catalogue().Stack("alpha").Counters!;
        Assert.Equal((null, null), (counters.Inferences, counters.Executions));
        Assert.Equal(["wait", "blocks"], counters.Measurements.Select(m => m.Name));
        Assert.Equal(("a", "main", "b"), (counters.Measurements[0].Prometheus!.Numerator.Metric, counters.Measurements[0].Prometheus!.Numerator.Labels["q"], counters.Measurements[0].Prometheus!.Denominator!.Metric));
        Assert.Equal("pools[*].used", counters.Measurements[1].Json!.Text);
    }

    [Theory]
    [InlineData("title: T, unit: s, aggregation: sum, better: lower, prometheus: a", "aggregation: 'sum'")]
    [InlineData("title: T, unit: s, aggregation: last, better: smaller, prometheus: a", "better: 'smaller'")]
    [InlineData("title: T, unit: s, aggregation: last, better: lower", "must say where its value is, once")]
    [InlineData("title: T, unit: s, aggregation: last, better: lower, prometheus: a, json: b", "must say where its value is, once")]
    [InlineData("title: T, unit: s, aggregation: last, better: lower, prometheus: rate(a)", "'rate(a)' is not a metric with labels")]
    [InlineData("title: T, unit: s, aggregation: rate, better: lower, prometheus: a / b", "a quotient has no rate")]
    [InlineData("title: T, unit: s, aggregation: last, better: lower, prometheus: a, colour: red", "colour")]
    [InlineData("unit: s, aggregation: last, better: lower, prometheus: a", "title: this key is missing")]
    [InlineData("title: T, unit: s, kind: gauge, aggregation: advance, better: lower, prometheus: a", "a gauge does not only grow")]
    [InlineData("title: T, unit: s, kind: histogram-sum, aggregation: last, better: lower, prometheus: a_sum", "means nothing by itself")]
    [InlineData("title: T, unit: s, kind: summary, aggregation: last, better: lower, prometheus: a", "kind: 'summary'")]
    [InlineData("title: T, unit: s, absent: it has none, prometheus: a", "prometheus")]
    public void A_fault_names_the_file_and_the_line(string measurement, string fault)
    {
        _repository.Stack("alpha", $"counters:\n  path: /metrics\n  measurements:\n    wait: {{ {measurement} }}\n");
        var told = Assert.Single(Assert.Throws<FaultException>(() => _repository.Catalogue()).Faults);
        Assert.Equal("src/stacks/alpha/stack.yaml", told.Where);
        Assert.Equal(Array.FindIndex(File.ReadAllLines(Path.Combine(_repository.Root, "src/stacks/alpha/stack.yaml")), l => l.Contains("wait:", StringComparison.Ordinal)) + 1, told.Line);
        Assert.Contains(fault, told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_server_does_not_have_is_said_with_the_reason()
    {
        _repository.Stack("alpha", "counters:\n  path: /metrics\n  delay: 3s\n  holds: probes too\n  measurements:\n    batch: { title: Batch size, unit: texts, absent: the server has no such counter }\n");
        _repository.Stack("beta", "counters: { absent: the server has no metrics endpoint }\n");
        var counters = _repository.Catalogue().Stack("alpha").Counters!;
        Assert.Equal((TimeSpan.FromSeconds(3), "probes too"), (counters.Delay, counters.Holds));
        var told = CounterReading.Between(new CounterReading("", 0), new CounterReading("", 1), Assert.Single(counters.Measurements));
        Assert.Equal((null, "not measured: the server has no such counter"), (told.Value, told.Absence));
        Assert.Equal((null, "the server has no metrics endpoint"), (_repository.Catalogue().Stack("beta").Counters, _repository.Catalogue().Stack("beta").CountersAbsence));
    }

    /// <summary>TorchServe counts the time of requests in microseconds, in plain counters.</summary>
    [Fact]
    public void Timers_may_be_plain_counters_in_another_unit()
    {
        var source = new CounterSource("/metrics", "items", "runs", null, null, new TimingSource("latency_microseconds", null, "queue_microseconds", null, null, null, null) { Requests = "requests_total", UnitSeconds = 1e-6 });
        var timings = new CounterReading("items 8\nruns 2\nrequests_total{m=\"a\"} 4\nlatency_microseconds{m=\"a\"} 2500000\nqueue_microseconds 500000\n", 0).Counters(source)!.Timings!;
        Assert.Equal((4.0, 2.5, 0.5), (timings.Requests, Math.Round(timings.RequestSeconds, 9), Math.Round(timings.QueueSeconds!.Value, 9)));
    }

    [Fact]
    public void Without_measurements_the_counters_are_still_required()
    {
        _repository.Stack("alpha", "counters:\n  path: /metrics\n");
        Assert.Equal(2, Assert.Throws<FaultException>(() => _repository.Catalogue()).Faults.Count);
    }

    private static StackMeasurement Of(string expression, string aggregation) => new("m", "M", "s", aggregation, "lower", PrometheusExpression.TryParse(expression, out _)!, null);
}
