using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Inference;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Batching;

/// <summary>One model's queue and the workers that empty it.</summary>
internal sealed class Batcher : IDisposable
{
    private readonly InferenceWorker[] _workers;

    /// <param name="name">The model's name, for the names of threads.</param>
    /// <param name="runners">One for each execution that may run at once.</param>
    /// <param name="padding">The token that fills rows up.</param>
    /// <param name="cost">What an execution costs.</param>
    /// <param name="options">The limits.</param>
    /// <param name="metrics">Counts executions.</param>
    /// <param name="time">The clock, the one that requests are stamped with.</param>
    /// <param name="logger">Hears of failures.</param>
    public Batcher(
        string name, IReadOnlyList<IEmbeddingRunner> runners, int padding, ExecutionCost cost, ServerOptions options, ModelMetrics metrics, TimeProvider time, ILogger logger)
    {
        var pace = new ServicePace(cost.SecondsPerToken, runners.Count);
        Queue = new TextQueue(Policy(options, cost.OverheadTokens), new QueueLimits(options.MaxQueue, options.MaxWait, options.MaxDelay), pace, time);
        _workers = [.. runners.Select((runner, i) =>
            new InferenceWorker($"{name} {i + 1}", Queue, runner, new PaddedBatch(runner, options.MaxBatch, padding), pace, metrics, time, logger))];
        foreach (var worker in _workers) worker.Start();
    }

    public TextQueue Queue { get; }

    /// <summary>Finishes what waits and ends the workers.</summary>
    public void Dispose()
    {
        Queue.Close();
        foreach (var worker in _workers) worker.Join();
    }

    private static IBatchPolicy Policy(ServerOptions options, int overhead) => options switch
    {
        { Batching: BatchingMode.None } => new RequestAlone(options.MaxBatch, options.MaxBatchTokens),
        { Grouping: GroupingMode.Arrival } => new InArrivalOrder(options.MaxBatch, options.MaxBatchTokens),
        _ => new LengthGrouping(options.MaxBatch, options.MaxBatchTokens, overhead),
    };
}
