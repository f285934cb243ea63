namespace ServeBench.Measurement.Metrics;

/// <summary>The unit in which values are stored, and how people are shown them.</summary>
/// <param name="Stored">Unit of the numbers in results.json: s, bytes, 1/s.</param>
/// <param name="Shown">Unit in tables and charts: ms, MiB.</param>
/// <param name="Factor">Shown number = stored number times this.</param>
/// <param name="Digits">Significant digits shown; whole numbers keep all of theirs.</param>
public sealed record MetricUnit(string Stored, string Shown, double Factor, int Digits = 3)
{
    public static MetricUnit Milliseconds { get; } = new("s", "ms", 1e3);
    public static MetricUnit Seconds { get; } = new("s", "s", 1);
    public static MetricUnit PerSecond { get; } = new("1/s", "/s", 1);
    public static MetricUnit Mebibytes { get; } = new("bytes", "MiB", 1.0 / (1 << 20));
    public static MetricUnit Percent { get; } = new("1", "%", 100);
    public static MetricUnit Ratio { get; } = new("1", "", 1);
    public static MetricUnit Cores { get; } = new("cores", "cores", 1);
}
