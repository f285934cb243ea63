namespace ServeBench.OnnxServer.Metrics;

/// <summary>What is counted for one model. Every method may be called from any thread.</summary>
internal sealed class ModelMetrics
{
    private long _inferences;
    private long _executions;

    /// <summary>Texts executed.</summary>
    public long Inferences => Interlocked.Read(ref _inferences);

    /// <summary>Executions of the runtime.</summary>
    public long Executions => Interlocked.Read(ref _executions);

    public void Executed(int texts)
    {
        Interlocked.Add(ref _inferences, texts);
        Interlocked.Increment(ref _executions);
    }
}
