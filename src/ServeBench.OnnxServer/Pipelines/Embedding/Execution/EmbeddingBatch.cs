using System.Numerics.Tensors;
using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Execution;

/// <summary>Executes texts together, laid out in a runner's buffers as rows of one length; the cost of a text is its tokens.</summary>
/// <param name="runner">Whose buffers.</param>
/// <param name="padding">The token that fills rows up.</param>
internal sealed class EmbeddingBatch(IEmbeddingRunner runner, int padding) : IBatchExecutor
{
    private int _texts;

    /// <summary>Tokens in a row.</summary>
    private int _sequence;

    public ItemWords Words { get; } = new("text", "tokens", "embedding");

    public int LayOut(ReadOnlySpan<QueuedItem> items)
    {
        _texts = items.Length;
        _sequence = 0;
        foreach (var text in items) _sequence = Math.Max(_sequence, text.Cost);
        for (var row = 0; row < items.Length; row++) FillRow(row, items[row]);
        return _texts * _sequence;
    }

    public void Execute() => runner.Run(_texts, _sequence);

    public RunFailedException? Deliver(int place, in QueuedItem item, long at)
    {
        var embedding = runner.Embeddings.Slice(place * runner.Dimensions, runner.Dimensions);
        // Not a number outweighs every number here, so one look at the largest sees it, too.
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(embedding)))
            return new RunFailedException("The model gave an embedding that holds something else than finite numbers");
        ((EmbeddingRequest)item.Request).Finish(item.Index, embedding, at);
        return null;
    }

    private void FillRow(int row, in QueuedItem text)
    {
        var ids = runner.Ids.Slice(row * _sequence, _sequence);
        var mask = runner.Mask.Slice(row * _sequence, _sequence);
        ((EmbeddingRequest)text.Request).Tokens(text.Index).CopyTo(ids);
        ids[text.Cost..].Fill(padding);
        mask[..text.Cost].Fill(1);
        mask[text.Cost..].Clear();
    }
}
