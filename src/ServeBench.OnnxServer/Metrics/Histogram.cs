namespace ServeBench.OnnxServer.Metrics;

/// <summary>Counts values into buckets. May be fed from any thread; a reader sees every count, but not all of one moment.</summary>
internal sealed class Histogram
{
    /// <summary>Bounds for times, in seconds, from the time of a small piece of work to that of a long queue.</summary>
    public static readonly IReadOnlyList<double> Seconds =
        [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Bounds for numbers of items.</summary>
    public static readonly IReadOnlyList<double> Items = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    /// <summary>Bounds for shares of a whole.</summary>
    public static readonly IReadOnlyList<double> Shares = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75];

    private readonly double[] _bounds;
    private readonly long[] _counts;
    private double _sum;

    /// <param name="bounds">Upper bounds of the buckets, ascending, each included; one more bucket holds what is above.</param>
    public Histogram(IReadOnlyList<double> bounds)
    {
        _bounds = [.. bounds];
        _counts = new long[bounds.Count + 1];
    }

    public IReadOnlyList<double> Bounds => _bounds;

    public double Sum => Volatile.Read(ref _sum);

    public void Observe(double value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        double before;
        do before = Volatile.Read(ref _sum);
        while (Interlocked.CompareExchange(ref _sum, before + value, before) != before);
    }

    /// <summary>Values in each bucket, the one above all bounds last.</summary>
    public long[] Counts() => [.. Enumerable.Range(0, _counts.Length).Select(i => Interlocked.Read(ref _counts[i]))];
}
