using System.Numerics.Tensors;
using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Hosting;
using ServeBench.OnnxServer.Inference;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Batching;

/// <summary>One thread that takes texts from the queue, executes them, and hands every embedding to the request it belongs to.</summary>
internal sealed class InferenceWorker
{
    private readonly TextQueue _queue;
    private readonly IEmbeddingRunner _runner;
    private readonly PaddedBatch _batch;
    private readonly ModelMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Thread _thread;

    public InferenceWorker(string name, TextQueue queue, IEmbeddingRunner runner, PaddedBatch batch, ModelMetrics metrics, ILogger logger)
    {
        _queue = queue;
        _runner = runner;
        _batch = batch;
        _metrics = metrics;
        _logger = logger;
        _thread = new Thread(Work) { Name = name, IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Waits until the queue is closed and empty and the last execution is over.</summary>
    public void Join() => _thread.Join();

    private void Work()
    {
        var taken = 0;
        while ((taken = _queue.Take(_batch.Room, expected: taken)) > 0)
        {
            _batch.Fill(taken);
            Execute();
            _batch.Clear();
        }
    }

    private void Execute()
    {
        var size = _runner.Dimensions;
        var texts = _batch.Texts;
        try
        {
            _runner.Run(_batch.Ids, _batch.Mask, _batch.Count, _batch.Sequence, _batch.Embeddings);
            _metrics.Executed(_batch.Count);
            for (var row = 0; row < texts.Length; row++) Deliver(texts[row], _batch.Embeddings.Slice(row * size, size));
        }
        catch (RunFailedException e) when (texts.Length == 1)
        {
            Fail(texts[0], e);
        }
        catch (RunFailedException)
        {
            // One text may have made the runtime fail; its neighbours are not to suffer for it.
            foreach (var text in texts) ExecuteAlone(text);
        }
    }

    private void ExecuteAlone(QueuedText text)
    {
        var ids = text.Request.Tokens(text.Index);
        var mask = new long[ids.Length];
        mask.AsSpan().Fill(1);
        var embedding = new float[_runner.Dimensions];
        try
        {
            _runner.Run(ids, mask, 1, ids.Length, embedding);
            _metrics.Executed(1);
            Deliver(text, embedding);
        }
        catch (RunFailedException e)
        {
            Fail(text, e);
        }
    }

    private void Deliver(QueuedText text, ReadOnlySpan<float> embedding)
    {
        // Not a number outweighs every number here, so one look at the largest sees it, too.
        if (float.IsFinite(TensorPrimitives.MaxMagnitude(embedding))) text.Request.Finish(text.Index, embedding);
        else Fail(text, new RunFailedException("The model gave an embedding that holds something else than finite numbers"));
    }

    private void Fail(QueuedText text, RunFailedException e)
    {
        _logger.NoEmbedding(e, text.Tokens);
        text.Request.Abandon(InferenceOutcome.Failed);
    }
}
