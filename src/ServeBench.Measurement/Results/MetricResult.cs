using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Results;

/// <summary>A metric across trials: median and range, or why there is none.</summary>
public sealed record MetricResult
{
    public double? Median { get; init; }
    public double? Least { get; init; }
    public double? Greatest { get; init; }
    public int? Trials { get; init; }

    /// <summary>Of a percentile: lower end of its 95 % interval within a trial, median over trials. Null for other metrics.</summary>
    public double? Low { get; init; }

    /// <summary>The upper end.</summary>
    public double? High { get; init; }

    /// <summary>Null when it was measured.</summary>
    public string? NotMeasured { get; init; }

    /// <param name="values">At least one.</param>
    public static MetricResult Of(IReadOnlyCollection<double> values)
    {
        var spread = Spread.Of(values);
        return new MetricResult
        {
            Median = Rounded.Of(spread.Median),
            Least = Rounded.Of(spread.Least),
            Greatest = Rounded.Of(spread.Greatest),
            Trials = spread.Trials,
        };
    }

    public static MetricResult Not(string reason) => new() { NotMeasured = reason };
}
