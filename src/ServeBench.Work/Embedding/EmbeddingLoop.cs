using ServeBench.Domain.Trials;
using ServeBench.Models.Inference;

namespace ServeBench.Work.Embedding;

/// <summary>
/// Runs a workload's inputs through ONNX Runtime as fast as it goes, with no server around it: tokens are ready, and inputs
/// of similar length share a batch.
/// </summary>
internal sealed class EmbeddingLoop : IRawRuntime
{
    private const int LeastExecutions = 3;

    private readonly Action<RawBatch> _run;
    private readonly long[][] _inputs;
    private readonly TimeProvider _time;
    private readonly EmbeddingSession? _session;

    /// <param name="run">Executes a batch.</param>
    /// <param name="inputs">Token ids of every text of the workload.</param>
    /// <param name="time">The clock.</param>
    /// <param name="session">What executes it, disposed of with the loop; null where a test does.</param>
    public EmbeddingLoop(Action<RawBatch> run, IEnumerable<long[]> inputs, TimeProvider time, EmbeddingSession? session = null)
    {
        _run = run;
        _inputs = [.. inputs.OrderBy(i => i.Length)];
        _time = time;
        _session = session;
    }

    public string Description => _session?.Runtime ?? "";

    /// <summary>A loop over a session, which it disposes of.</summary>
    /// <param name="session">The model, set up as the servers set it up.</param>
    /// <param name="inputs">Token ids of every text of the workload.</param>
    /// <param name="options">The largest batch, and the clock.</param>
    public static EmbeddingLoop Over(EmbeddingSession session, IEnumerable<long[]> inputs, RawOptions options)
    {
        var embeddings = new float[options.LargestBatch * session.Dimensions];
        return new EmbeddingLoop(b => session.Run(b.Ids, b.Mask, b.Size, b.Sequence, embeddings), inputs, options.Time, session);
    }

    public void Dispose() => _session?.Dispose();

    /// <summary>
    /// Measures one batch size: rounds of one batch of every class of lengths, so that the rate is that of the whole workload
    /// however short the measurement. Rate = all texts / sum over classes of (texts of the class x mean seconds of a text in it).
    /// </summary>
    /// <param name="batchSize">Texts per execution; at most the number of inputs is used. A last, smaller batch counts too.</param>
    /// <param name="duration">How long to go on; whole rounds, and at least three executions, are made.</param>
    /// <param name="cancellationToken">Ends the loop between two executions.</param>
    public CeilingPoint Measure(int batchSize, TimeSpan duration, CancellationToken cancellationToken)
    {
        RawBatch[] batches = [.. _inputs.Chunk(Math.Min(batchSize, _inputs.Length)).Select(RawBatch.Of)];
        var classes = LengthClass.Of(batches);
        // Memory for the largest shape is taken before the clock starts.
        _run(batches.MaxBy(b => b.Tokens)!);
        var executions = 0;
        var started = _time.GetTimestamp();
        do
        {
            foreach (var each in classes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var batch = each.Next();
                var from = _time.GetTimestamp();
                _run(batch);
                each.Add(batch, _time.GetElapsedTime(from));
                executions++;
            }
        }
        while (_time.GetElapsedTime(started) < duration || executions < LeastExecutions);
        return new CeilingPoint(batchSize, classes.Sum(c => c.Items) / classes.Sum(c => c.Seconds), executions);
    }
}
