using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Load.Wire;

namespace ServeBench.Runs.Counters;

/// <summary>What a server reported at one moment.</summary>
/// <param name="Body">Its answer.</param>
/// <param name="Seconds">When, on a clock that only advances.</param>
internal sealed record CounterReading(string Body, double Seconds)
{
    /// <summary>
    /// The counters of the average batch and of the timers; null when the answer does not have the former, or the stack announces
    /// none.
    /// </summary>
    public ServerCounters? Counters(CounterSource source)
    {
        if (Total(source.Inferences) is not { } inferences || Total(source.Executions) is not { } executions) return null;
        var counters = new ServerCounters(inferences, executions);
        if (source.Timings is not { } of) return counters;
        double? Sum(string? timer) => timer is not null && Total(of.SumName(timer)) is { } sum ? of.UnitSeconds * sum : null;
        return Total(of.CountName) is { } requests && Sum(of.Request) is { } seconds
            ? counters with
            {
                Timings = new ServerTimings(
                    requests,
                    seconds,
                    Sum(of.Input),
                    Sum(of.Queue),
                    Sum(of.Inference),
                    Sum(of.Output),
                    Total(of.Tokens),
                    Total(of.Padding))
            }
            : counters with { TimingsAbsence = $"the server reported its counters, but no {of.CountName} and {of.SumName(of.Request)}" };
    }

    private double? Total(string? counter) => counter is null ? null : CounterReader.Sum(Body, counter);

    /// <summary>What a stack announces, from two readings.</summary>
    public static AnnouncedRecord Between(CounterReading? before, CounterReading? after, StackMeasurement measurement)
    {
        AnnouncedRecord Absent(string why) => new(measurement.Name, measurement.Title, measurement.Unit, measurement.Better, null, why);
        if (measurement.Absent is { } none) return Absent($"not measured: {none}");
        if (after is null) return Absent("the server did not report its counters at the window's end");
        if (measurement.Aggregation != StackMeasurement.Last && before is null)
            return Absent("the server did not report its counters at the window's beginning");
        var (first, last) = (before?.Parts(measurement), after.Parts(measurement));
        if (last is not { } end || (measurement.Aggregation != StackMeasurement.Last && first is null))
            return Absent($"the server's answer does not have {measurement.Prometheus?.Text ?? measurement.Json!.Text}");
        var begin = measurement.Aggregation == StackMeasurement.Last ? (Above: 0, Below: 0) : first!.Value;
        var below = measurement.Aggregation == StackMeasurement.Rate
            ? after.Seconds - before!.Seconds
            : measurement.Prometheus?.Denominator is null ? 1 : end.Below - begin.Below;
        return below > 0
            ? new AnnouncedRecord(
                measurement.Name, measurement.Title, measurement.Unit, measurement.Better, (end.Above - begin.Above) / below, null)
            : Absent($"{measurement.Prometheus?.Denominator?.Metric ?? "the clock"} did not advance in the window");
    }

    /// <summary>Both parts of a quotient, the second 0 where there is none; null when the answer does not have them.</summary>
    private (double Above, double Below)? Parts(StackMeasurement measurement)
    {
        if (measurement.Json is { } path) return JsonPathEvaluator.Sum(Body, path) is { } number ? (number, 0) : null;
        if (measurement.Prometheus!.Numerator.In(Body) is not { } above) return null;
        if (measurement.Prometheus.Denominator is not { } denominator) return (above, 0);
        return denominator.In(Body) is { } below ? (above, below) : null;
    }
}
