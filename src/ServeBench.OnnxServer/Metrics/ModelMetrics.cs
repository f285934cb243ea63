namespace ServeBench.OnnxServer.Metrics;

/// <summary>What is counted for one model. Every method may be called from any thread.</summary>
internal sealed class ModelMetrics
{
    private long _inferences;
    private long _executions;
    private long _tokens;
    private long _padding;

    /// <summary>Texts executed.</summary>
    public long Inferences => Interlocked.Read(ref _inferences);

    /// <summary>Executions of the runtime.</summary>
    public long Executions => Interlocked.Read(ref _executions);

    /// <summary>Tokens executed, without padding.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>Padding executed, in tokens.</summary>
    public long Padding => Interlocked.Read(ref _padding);

    /// <summary>Texts in each execution.</summary>
    public Histogram BatchTexts { get; } = new(Histogram.Texts);

    /// <summary>Share of padding in each execution.</summary>
    public Histogram BatchPadding { get; } = new(Histogram.Shares);

    /// <summary>Seconds of each execution.</summary>
    public Histogram Seconds { get; } = new(Histogram.Seconds);

    /// <summary>The same in the words of Triton's statistics.</summary>
    public InferenceStatistics Statistics { get; } = new();

    /// <param name="texts">Texts in the execution.</param>
    /// <param name="tokens">Their tokens.</param>
    /// <param name="padded">The same with padding.</param>
    /// <param name="seconds">How long it took.</param>
    public void Executed(int texts, int tokens, int padded, double seconds)
    {
        Interlocked.Add(ref _inferences, texts);
        Interlocked.Increment(ref _executions);
        Interlocked.Add(ref _tokens, tokens);
        Interlocked.Add(ref _padding, padded - tokens);
        BatchTexts.Observe(texts);
        BatchPadding.Observe((padded - tokens) / (double)padded);
        Seconds.Observe(seconds);
    }
}
