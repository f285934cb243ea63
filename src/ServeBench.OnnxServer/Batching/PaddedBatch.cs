namespace ServeBench.OnnxServer.Batching;

/// <summary>The buffers of one execution, reused for the next: the texts taken, their padded tokens, and the embeddings.</summary>
/// <param name="maximumTexts">Texts in one execution.</param>
/// <param name="dimensions">Numbers in an embedding.</param>
/// <param name="padding">The token that fills rows up.</param>
internal sealed class PaddedBatch(int maximumTexts, int dimensions, int padding)
{
    private readonly QueuedText[] _texts = new QueuedText[maximumTexts];
    private readonly float[] _embeddings = new float[maximumTexts * dimensions];
    private long[] _ids = [];
    private long[] _mask = [];

    /// <summary>Where the queue puts the texts that it hands out.</summary>
    public Span<QueuedText> Room => _texts;

    public int Count { get; private set; }

    /// <summary>Tokens in a row.</summary>
    public int Sequence { get; private set; }

    /// <summary>Tokens without padding.</summary>
    public int TokenCount { get; private set; }

    public ReadOnlySpan<QueuedText> Texts => _texts.AsSpan(0, Count);

    public ReadOnlySpan<long> Ids => _ids.AsSpan(0, Count * Sequence);

    public ReadOnlySpan<long> Mask => _mask.AsSpan(0, Count * Sequence);

    public Span<float> Embeddings => _embeddings.AsSpan(0, Count * dimensions);

    /// <summary>Lays the first texts of <see cref="Room"/> out as rows of one length.</summary>
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
        if (_ids.Length < count * Sequence) (_ids, _mask) = (new long[count * Sequence], new long[count * Sequence]);
        for (var row = 0; row < count; row++)
        {
            var text = _texts[row];
            var ids = _ids.AsSpan(row * Sequence, Sequence);
            var mask = _mask.AsSpan(row * Sequence, Sequence);
            text.Request.Tokens(text.Index).CopyTo(ids);
            ids[text.Tokens..].Fill(padding);
            mask[..text.Tokens].Fill(1);
            mask[text.Tokens..].Clear();
        }
    }

    /// <summary>Lets go of the requests, so that they can be pooled or collected.</summary>
    public void Clear()
    {
        _texts.AsSpan(0, Count).Clear();
        Count = 0;
    }
}
