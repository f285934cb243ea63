using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Scheduling;

/// <summary>One model's queue and the workers that empty it.</summary>
internal sealed class Batcher : IDisposable
{
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(5);

    private readonly Worker[] _workers;

    /// <param name="name">The model's name, for the names of threads.</param>
    /// <param name="executors">One for each execution that may run at once.</param>
    /// <param name="cost">What an execution costs.</param>
    /// <param name="maximumCost">Cost of one execution, padding included.</param>
    /// <param name="options">The other limits, and which items are executed together.</param>
    /// <param name="metrics">Counts executions.</param>
    /// <param name="time">The clock, the one that requests are stamped with.</param>
    /// <param name="logger">Is given failures.</param>
    public Batcher(
        string name,
        IReadOnlyList<IBatchExecutor> executors,
        ExecutionCost cost,
        int maximumCost,
        ServerOptions options,
        ModelMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        var pace = new ServicePace(cost.SecondsPerUnit, executors.Count);
        Queue = new WorkQueue(
            Policy(options, maximumCost, cost.Overhead),
            new QueueLimits(options.MaxQueue, options.MaxWait ?? UsualWait, options.MaxDelay),
            pace,
            time);
        _workers = [
            .. executors.Select(
                (executor, i) => new Worker($"{name} {i + 1}", Queue, executor, options.MaxBatch, pace, metrics, time, logger))];
        foreach (var worker in _workers) worker.Start();
    }

    public WorkQueue Queue { get; }

    /// <summary>Finishes what waits and ends the workers.</summary>
    public void Dispose()
    {
        Queue.Close();
        foreach (var worker in _workers) worker.Join();
    }

    private static IBatchPolicy Policy(ServerOptions options, int maximumCost, int overhead) => options switch
    {
        { Batching: BatchingMode.None } => new RequestAlone(options.MaxBatch, maximumCost),
        { Grouping: GroupingMode.Arrival } => new InArrivalOrder(options.MaxBatch, maximumCost),
        _ => new CostGrouping(options.MaxBatch, maximumCost, overhead),
    };
}
