using ServeBench.Domain.Trials;
using ServeBench.Models.Inference;

namespace ServeBench.Runs.Ceilings;

/// <summary>
/// Runs a workload's inputs through ONNX Runtime as fast as it goes, with no server around it: tokens are ready, and inputs
/// of similar length share a batch, so that no server of the same model on the same cores can be faster.
/// </summary>
public sealed class RawRuntimeLoop
{
    /// <summary>Step between successive batches, as a share of all: the golden section spreads any number of steps evenly.</summary>
    private const double GoldenSection = 0.61803398874989485;

    private const int LeastExecutions = 3;

    private readonly EmbeddingSession _session;
    private readonly long[][] _inputs;
    private readonly float[] _embeddings;
    private readonly TimeProvider _time;

    /// <param name="session">The model, set up as the servers set it up.</param>
    /// <param name="inputs">Token ids of every text of the workload.</param>
    /// <param name="largestBatch">The largest batch that will be asked for.</param>
    /// <param name="time">The clock.</param>
    public RawRuntimeLoop(EmbeddingSession session, IEnumerable<long[]> inputs, int largestBatch, TimeProvider time)
    {
        _session = session;
        _inputs = [.. inputs.OrderBy(i => i.Length)];
        _embeddings = new float[largestBatch * session.Dimensions];
        _time = time;
    }

    /// <summary>Measures one batch size.</summary>
    /// <param name="batchSize">Texts per execution; at most the number of inputs is used.</param>
    /// <param name="duration">How long to go on; at least three executions are made.</param>
    /// <param name="cancellationToken">Ends the loop between two executions.</param>
    public CeilingPoint Measure(int batchSize, TimeSpan duration, CancellationToken cancellationToken)
    {
        var batches = Batches(Math.Min(batchSize, _inputs.Length));
        // Memory for the largest shape is taken before the clock starts.
        Run(batches[^1]);
        long items = 0;
        var executions = 0;
        var started = _time.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var at = (executions + 0.5) * GoldenSection;
            var batch = batches[(int)((at - Math.Floor(at)) * batches.Length)];
            Run(batch);
            items += batch.Size;
            executions++;
            elapsed = _time.GetElapsedTime(started);
        }
        while (elapsed < duration || executions < LeastExecutions);
        return new CeilingPoint(batchSize, items / elapsed.TotalSeconds, executions);
    }

    private void Run(Batch batch) => _session.Run(batch.Ids, batch.Mask, batch.Size, batch.Sequence, _embeddings);

    /// <summary>Neighbours in length, padded to the longest of them; a last, smaller batch is left out.</summary>
    private Batch[] Batches(int size) => [.. _inputs.Chunk(size).Where(c => c.Length == size).Select(Batch.Of)];

    private sealed record Batch(int Size, int Sequence, long[] Ids, long[] Mask)
    {
        public static Batch Of(long[][] inputs)
        {
            var sequence = inputs.Max(i => i.Length);
            var ids = new long[inputs.Length * sequence];
            var mask = new long[inputs.Length * sequence];
            for (var row = 0; row < inputs.Length; row++)
            {
                inputs[row].CopyTo(ids, row * sequence);
                Array.Fill(mask, 1, row * sequence, inputs[row].Length);
            }
            return new Batch(inputs.Length, sequence, ids, mask);
        }
    }
}
