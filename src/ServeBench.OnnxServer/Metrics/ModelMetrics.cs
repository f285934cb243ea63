namespace ServeBench.OnnxServer.Metrics;

/// <summary>What is counted for one model. Every method may be called from any thread.</summary>
internal sealed class ModelMetrics
{
    private long _inferences;
    private long _executions;
    private long _cost;
    private long _padding;

    /// <summary>Items executed.</summary>
    public long Inferences => Interlocked.Read(ref _inferences);

    /// <summary>Executions of the runtime.</summary>
    public long Executions => Interlocked.Read(ref _executions);

    /// <summary>Cost of the items executed, without padding, in the units of their pipeline.</summary>
    public long Cost => Interlocked.Read(ref _cost);

    /// <summary>Padding executed, in the same units.</summary>
    public long Padding => Interlocked.Read(ref _padding);

    /// <summary>Items in each execution.</summary>
    public Histogram BatchItems { get; } = new(Histogram.Items);

    /// <summary>Share of padding in each execution.</summary>
    public Histogram BatchPadding { get; } = new(Histogram.Shares);

    /// <summary>Seconds of each execution.</summary>
    public Histogram Seconds { get; } = new(Histogram.Seconds);

    /// <summary>The same in the words of Triton's statistics.</summary>
    public InferenceStatistics Statistics { get; } = new();

    /// <param name="items">Items in the execution.</param>
    /// <param name="cost">What they cost.</param>
    /// <param name="padded">The same with padding.</param>
    /// <param name="seconds">How long it took.</param>
    public void Executed(int items, int cost, int padded, double seconds)
    {
        Interlocked.Add(ref _inferences, items);
        Interlocked.Increment(ref _executions);
        Interlocked.Add(ref _cost, cost);
        Interlocked.Add(ref _padding, padded - cost);
        BatchItems.Observe(items);
        BatchPadding.Observe((padded - cost) / (double)padded);
        Seconds.Observe(seconds);
    }
}
