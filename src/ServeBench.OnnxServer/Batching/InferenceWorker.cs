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
    private readonly ServicePace _pace;
    private readonly ModelMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;

    /// <summary>The first so many texts of the batch have ended: they belong to their requests again, or to later ones.</summary>
    private int _ended;

    public InferenceWorker(
        string name, TextQueue queue, IEmbeddingRunner runner, PaddedBatch batch, ServicePace pace, ModelMetrics metrics, TimeProvider time, ILogger logger)
    {
        _queue = queue;
        _runner = runner;
        _batch = batch;
        _pace = pace;
        _metrics = metrics;
        _time = time;
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
            _ended = 0;
            try
            {
                var took = _time.GetTimestamp();
                _batch.Fill(taken);
                Execute(took);
            }
            catch (Exception e)
            {
                FailRest(e);
            }
            _batch.Clear();
        }
    }

    private void Execute(long took)
    {
        var texts = _batch.Texts;
        var began = _time.GetTimestamp();
        foreach (var text in texts) text.Request.Start(began, texts.Length);
        try
        {
            _runner.Run(texts.Length, _batch.Sequence);
        }
        catch (RunFailedException e) when (texts.Length == 1)
        {
            Fail(texts[0], e);
            return;
        }
        catch (RunFailedException)
        {
            // One text may have made the runtime fail; its neighbours are not to suffer for it.
            foreach (var text in texts) ExecuteAlone(text);
            return;
        }
        var ended = _time.GetTimestamp();
        var seconds = _time.GetElapsedTime(began, ended).TotalSeconds;
        _pace.Observe(_batch.TokenCount, seconds);
        _metrics.Executed(texts.Length, _batch.TokenCount, _batch.Sequence * texts.Length, seconds);
        _metrics.Statistics.Executed(texts.Length, took, began, ended, _time);
        for (var row = 0; row < texts.Length; row++) Deliver(row, texts[row], ended);
        _metrics.Statistics.Delivered(texts.Length, ended, _time);
    }

    private void ExecuteAlone(in QueuedText text)
    {
        var took = _time.GetTimestamp();
        long began;
        try
        {
            _batch.FillAlone(text);
            began = _time.GetTimestamp();
            _runner.Run(1, text.Tokens);
        }
        catch (RunFailedException e)
        {
            Fail(text, e);
            return;
        }
        var ended = _time.GetTimestamp();
        _metrics.Executed(1, text.Tokens, text.Tokens, _time.GetElapsedTime(began, ended).TotalSeconds);
        _metrics.Statistics.Executed(1, took, began, ended, _time);
        Deliver(0, text, ended);
        _metrics.Statistics.Delivered(1, ended, _time);
    }

    private void Deliver(int row, in QueuedText text, long at)
    {
        var embedding = _runner.Embeddings.Slice(row * _runner.Dimensions, _runner.Dimensions);
        // Not a number outweighs every number here, so one look at the largest sees it, too.
        if (float.IsFinite(TensorPrimitives.MaxMagnitude(embedding))) Finish(text, embedding, at);
        else Fail(text, new RunFailedException("The model gave an embedding that holds something else than finite numbers"));
    }

    private void Fail(in QueuedText text, RunFailedException e)
    {
        _logger.NoEmbedding(e, text.Tokens);
        Abandon(text);
    }

    /// <summary>
    /// Ends what is left of a batch in which something went wrong that no runner reports: too little memory, or a mistake of this
    /// program. The process lives on for all other requests, and the log says what it was. What goes wrong while the queue is
    /// asked for texts is not caught, and ends the process: nobody could tell whose texts were lost.
    /// </summary>
    private void FailRest(Exception e)
    {
        var rest = _batch.Texts[_ended..];
        foreach (var text in rest) Abandon(text);
        _logger.BatchBroke(e, rest.Length);
    }

    private void Finish(in QueuedText text, ReadOnlySpan<float> embedding, long at)
    {
        text.Request.Finish(text.Index, embedding, at);
        _ended++;
    }

    private void Abandon(in QueuedText text)
    {
        text.Request.Abandon(InferenceOutcome.Failed, _time.GetTimestamp());
        _ended++;
    }
}
