namespace ServeBench.Measurement.Metrics;

/// <summary>A value, or the reason why there is none. What was not measured is never zero.</summary>
public readonly record struct Measured
{
    private Measured(double? value, string? reason) => (Value, Reason) = (value, reason);

    /// <summary>In the metric's stored unit; null when it was not measured.</summary>
    public double? Value { get; }

    /// <summary>Ends of a 95 % interval within the trial, by order statistics; null for what has none.</summary>
    public (double Low, double High)? Interval { get; init; }

    /// <summary>Why it was not measured, as the end of a sentence; null when it was.</summary>
    public string? Reason { get; }

    public static Measured Of(double value) =>
        double.IsFinite(value)
            ? new Measured(value, null)
            : throw new ArgumentOutOfRangeException(nameof(value), value, "not a finite number");

    public static Measured Not(string reason) => new(null, reason);

    /// <summary>The value if there is one.</summary>
    public static Measured OfOptional(double? value, string reasonWhenNull) => value is { } v ? Of(v) : Not(reasonWhenNull);
}
