using ServeBench.Domain.Trials;

namespace ServeBench.Work;

/// <summary>The raw runtime on the inputs of a workload, as fast as it goes.</summary>
public interface IRawRuntime : IDisposable
{
    /// <summary>The runtime with its version and settings, for reports.</summary>
    string Description { get; }

    /// <summary>Measures one batch size.</summary>
    /// <param name="batchSize">Items per execution.</param>
    /// <param name="duration">How long to go on, roughly.</param>
    /// <param name="cancellationToken">Ends it between two executions.</param>
    CeilingPoint Measure(int batchSize, TimeSpan duration, CancellationToken cancellationToken);
}

/// <summary>How the raw runtime is to run.</summary>
/// <param name="Threads">Threads that share an execution.</param>
/// <param name="LargestBatch">The largest batch that will be asked for.</param>
/// <param name="Time">The clock.</param>
public sealed record RawOptions(int Threads, int LargestBatch, TimeProvider Time);
