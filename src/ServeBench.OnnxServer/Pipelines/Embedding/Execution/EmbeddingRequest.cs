using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Execution;

/// <summary>The texts of one request as tokens, and the room for their embeddings.</summary>
internal sealed class EmbeddingRequest : ScheduledRequest
{
    /// <summary>Buffers larger than this many elements are not kept for the next request.</summary>
    private const int KeptElements = 1 << 16;

    private long[] _tokens = new long[512];
    private (int Start, int Length)[] _texts = new (int, int)[4];
    private float[] _embeddings = [];
    private int _dimensions;

    /// <summary>Tokens of all texts, special tokens included, without padding.</summary>
    public int TokenCount => TotalCost;

    /// <summary>Room for the tokens of the next text.</summary>
    public Span<long> Room(int tokens)
    {
        var used = TotalCost;
        if (_tokens.Length - used < tokens) Array.Resize(ref _tokens, Math.Max(_tokens.Length * 2, used + tokens));
        return _tokens.AsSpan(used, tokens);
    }

    /// <summary>Makes the first tokens in <see cref="Room"/> a text.</summary>
    public void AddText(int tokens)
    {
        if (Count == _texts.Length) Array.Resize(ref _texts, Count * 2);
        _texts[Count++] = (TotalCost, tokens);
        TotalCost += tokens;
    }

    public override int Cost(int item) => _texts[item].Length;

    public ReadOnlySpan<long> Tokens(int text) => _tokens.AsSpan(_texts[text].Start, _texts[text].Length);

    /// <summary>
    /// The embedding of a text, valid once <see cref="ScheduledRequest.Completion"/> says <see cref="InferenceOutcome.Done"/>.
    /// </summary>
    public ReadOnlySpan<float> Embedding(int text) => _embeddings.AsSpan(text * _dimensions, _dimensions);

    /// <summary>The embeddings of all texts, one after the other; valid as <see cref="Embedding"/> is.</summary>
    public ReadOnlySpan<float> Embeddings => _embeddings.AsSpan(0, Count * _dimensions);

    /// <summary>Queues the texts, all or none.</summary>
    /// <param name="queue">Where.</param>
    /// <param name="dimensions">Numbers in an embedding.</param>
    /// <returns>False when there is no room for them.</returns>
    public bool TryQueue(WorkQueue queue, int dimensions)
    {
        _dimensions = dimensions;
        if (_embeddings.Length < Count * dimensions) _embeddings = new float[Count * dimensions];
        return TryQueue(queue);
    }

    /// <summary>Notes a text's embedding. Called by workers, each for texts of its own.</summary>
    public void Finish(int text, ReadOnlySpan<float> embedding, long at)
    {
        embedding.CopyTo(_embeddings.AsSpan(text * _dimensions, _dimensions));
        Finish(at);
    }

    public override void Reset()
    {
        if (_tokens.Length > KeptElements) _tokens = new long[512];
        if (_embeddings.Length > KeptElements) _embeddings = [];
        if (_texts.Length > KeptElements) _texts = new (int, int)[4];
        base.Reset();
    }
}
