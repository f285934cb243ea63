using ServeBench.Domain.Wording;

namespace ServeBench.Models.Inference;

/// <summary>
/// How ONNX Runtime is set up. The server, the raw loop that it is compared with, and the parity check all take this one
/// object, so that none has an advantage over another.
/// </summary>
public sealed record SessionSettings
{
    /// <summary>Threads that share the work of one execution; the calling thread is one of them.</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>
    /// True when threads without work keep spinning for a while: quicker to start the next operator, but they take cores from
    /// everything else. Matters only with more than one thread. The server's --spin has the same default.
    /// </summary>
    public bool Spin { get; init; }

    /// <summary>ONNX Runtime's level of graph optimisation.</summary>
    public GraphOptimisation Optimisation { get; init; } = GraphOptimisation.All;

    /// <summary>
    /// True when the runtime computes a skip connection and the layer normalisation after it in one operator. Its CPU kernel for that
    /// is slower than for the two alone (docs/decisions/0118); on accelerators the runtime's own choice stays.
    /// </summary>
    public bool FuseSkips { get; init; }

    /// <summary>True when the runtime keeps freed memory for the next execution.</summary>
    public bool MemoryArena { get; init; } = true;

    /// <summary>File to which the optimised graph is written; null for none.</summary>
    public string? OptimisedModelFile { get; init; }

    /// <summary>For reports: what decides speed, in one line.</summary>
    public override string ToString() =>
        $"CPU, {IntraOpThreads} intra-op "
            + $"{Plural.Noun(IntraOpThreads, "thread")}{(IntraOpThreads > 1 ? Spin ? " (spinning)" : " (not spinning)" : "")}, "
        + "sequential execution, graph optimisation "
        + $"{Optimisation.ToString().ToLowerInvariant()}{(FuseSkips ? "" : ", skips not fused")}{(MemoryArena ? "" : ", no memory arena")}";
}

/// <summary>How much ONNX Runtime may rewrite a graph.</summary>
public enum GraphOptimisation
{
    None,
    Basic,
    Extended,
    All,
}
