using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Scheduling;

/// <summary>How a pipeline executes items together. Belongs to one worker: no two threads at once.</summary>
internal interface IBatchExecutor
{
    ItemWords Words { get; }

    /// <summary>Lays items out in the runtime's buffers, in the place of those before.</summary>
    /// <returns>What they cost as they are laid out, padding included.</returns>
    int LayOut(ReadOnlySpan<QueuedItem> items);

    /// <summary>Executes what is laid out.</summary>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    void Execute();

    /// <summary>Hands the result of an item of the last execution to its request.</summary>
    /// <param name="place">Which of the items laid out it is.</param>
    /// <param name="item">The item.</param>
    /// <param name="at">When the execution ended.</param>
    /// <returns>Why the item has no result that could be given out; null when it was handed out.</returns>
    RunFailedException? Deliver(int place, in QueuedItem item, long at);
}
