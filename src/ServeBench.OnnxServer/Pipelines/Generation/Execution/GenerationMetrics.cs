using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>What is counted of one model's generation. Fed by one thread, read by any.</summary>
internal sealed class GenerationMetrics
{
    private long _promptTokens;
    private long _generatedTokens;
    private long _parts;
    private long _cancelled;
    private int _running;
    private long _heldTokens;

    /// <summary>Tokens of prompts that were read.</summary>
    public long PromptTokens => Interlocked.Read(ref _promptTokens);

    /// <summary>Tokens that were generated.</summary>
    public long GeneratedTokens => Interlocked.Read(ref _generatedTokens);

    /// <summary>Parts of prompts that were read.</summary>
    public long Parts => Interlocked.Read(ref _parts);

    /// <summary>Sequences that were given up in the middle, because their client had left.</summary>
    public long Cancelled => Interlocked.Read(ref _cancelled);

    /// <summary>Sequences that hold a slot.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Tokens that are held in slots.</summary>
    public long HeldTokens => Interlocked.Read(ref _heldTokens);

    /// <summary>Sequences in each step.</summary>
    public Histogram StepSequences { get; } = new(Histogram.Items);

    /// <summary>Seconds of each step.</summary>
    public Histogram StepSeconds { get; } = new(Histogram.Seconds);

    /// <summary>Seconds from the arrival of a request to its first token.</summary>
    public Histogram FirstToken { get; } = new(Histogram.Seconds);

    /// <summary>Seconds between two tokens of a sequence.</summary>
    public Histogram BetweenTokens { get; } = new(Histogram.Seconds);

    public void PartRead(int tokens)
    {
        Interlocked.Increment(ref _parts);
        Interlocked.Add(ref _promptTokens, tokens);
    }

    public void Stepped(int sequences, double seconds)
    {
        StepSequences.Observe(sequences);
        StepSeconds.Observe(seconds);
    }

    public void TokenGenerated() => Interlocked.Increment(ref _generatedTokens);

    public void GaveUp() => Interlocked.Increment(ref _cancelled);

    public void Hold(int sequences, long tokens)
    {
        Volatile.Write(ref _running, sequences);
        Interlocked.Exchange(ref _heldTokens, tokens);
    }
}
