using ServeBench.OnnxServer.Inference;

namespace ServeBench.OnnxServer.Batching;

/// <summary>The texts of one execution, laid out in a runner's buffers as rows of one length.</summary>
/// <param name="runner">Whose buffers.</param>
/// <param name="maximumTexts">Texts in one execution.</param>
/// <param name="padding">The token that fills rows up.</param>
internal sealed class PaddedBatch(IEmbeddingRunner runner, int maximumTexts, int padding)
{
    private readonly QueuedText[] _texts = new QueuedText[maximumTexts];

    /// <summary>Where the queue puts the texts that it hands out.</summary>
    public Span<QueuedText> Room => _texts;

    public int Count { get; private set; }

    /// <summary>Tokens in a row.</summary>
    public int Sequence { get; private set; }

    /// <summary>Tokens without padding.</summary>
    public int TokenCount { get; private set; }

    public ReadOnlySpan<QueuedText> Texts => _texts.AsSpan(0, Count);

    /// <summary>Lays the first texts of <see cref="Room"/> out.</summary>
    public void Fill(int count)
    {
        Count = count;
        Sequence = 0;
        TokenCount = 0;
        foreach (var text in Texts)
        {
            Sequence = Math.Max(Sequence, text.Tokens);
            TokenCount += text.Tokens;
        }
        for (var row = 0; row < count; row++) FillRow(row, _texts[row]);
    }

    /// <summary>Lays out one text alone, in the first row.</summary>
    public void FillAlone(in QueuedText text)
    {
        Sequence = text.Tokens;
        FillRow(0, text);
    }

    /// <summary>Lets go of the requests, so that they can be pooled or collected.</summary>
    public void Clear()
    {
        _texts.AsSpan(0, Count).Clear();
        Count = 0;
    }

    private void FillRow(int row, in QueuedText text)
    {
        var ids = runner.Ids.Slice(row * Sequence, Sequence);
        var mask = runner.Mask.Slice(row * Sequence, Sequence);
        text.Request.Tokens(text.Index).CopyTo(ids);
        ids[text.Tokens..].Fill(padding);
        mask[..text.Tokens].Fill(1);
        mask[text.Tokens..].Clear();
    }
}
