using System.Threading.Tasks.Sources;

namespace ServeBench.OnnxServer.Batching;

/// <summary>
/// The texts of one request as tokens, and the room for their embeddings. Objects are pooled: <see cref="Reset"/> makes one
/// ready for the next request, which is allowed once <see cref="Completion"/> has been awaited (or the request was never queued),
/// since no worker holds on to it then.
/// </summary>
internal sealed class InferenceRequest : IValueTaskSource<InferenceOutcome>
{
    /// <summary>Buffers larger than this many elements are not kept for the next request.</summary>
    private const int KeptElements = 1 << 16;

    private ManualResetValueTaskSourceCore<InferenceOutcome> _completion = new() { RunContinuationsAsynchronously = true };
    private long[] _tokens = new long[512];
    private (int Start, int Length)[] _texts = new (int, int)[4];
    private float[] _embeddings = [];
    private int _dimensions;
    private int _used;
    private int _remaining;
    private int _outcome;

    /// <summary>Number of texts.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens of all texts, special tokens included, without padding.</summary>
    public int TokenCount => _used;

    /// <summary>Ends when every text has been executed, removed from the queue, or has failed. To be awaited once.</summary>
    public ValueTask<InferenceOutcome> Completion => new(this, _completion.Version);

    /// <summary>Room for the tokens of the next text.</summary>
    public Span<long> Room(int tokens)
    {
        if (_tokens.Length - _used < tokens) Array.Resize(ref _tokens, Math.Max(_tokens.Length * 2, _used + tokens));
        return _tokens.AsSpan(_used, tokens);
    }

    /// <summary>Makes the first tokens in <see cref="Room"/> a text.</summary>
    public void AddText(int tokens)
    {
        if (Count == _texts.Length) Array.Resize(ref _texts, Count * 2);
        _texts[Count++] = (_used, tokens);
        _used += tokens;
    }

    public int Length(int text) => _texts[text].Length;

    public ReadOnlySpan<long> Tokens(int text) => _tokens.AsSpan(_texts[text].Start, _texts[text].Length);

    /// <summary>The embedding of a text, valid once <see cref="Completion"/> says <see cref="InferenceOutcome.Done"/>.</summary>
    public ReadOnlySpan<float> Embedding(int text) => _embeddings.AsSpan(text * _dimensions, _dimensions);

    /// <summary>Makes room for the embeddings; called once, before any text is queued.</summary>
    public void Begin(int dimensions)
    {
        _dimensions = dimensions;
        if (_embeddings.Length < Count * dimensions) _embeddings = new float[Count * dimensions];
        _remaining = Count;
    }

    /// <summary>Notes a text's embedding. Called by workers, each for texts of its own.</summary>
    public void Finish(int text, ReadOnlySpan<float> embedding)
    {
        embedding.CopyTo(_embeddings.AsSpan(text * _dimensions, _dimensions));
        End(InferenceOutcome.Done);
    }

    /// <summary>Notes that one text will have no embedding.</summary>
    public void Abandon(InferenceOutcome because) => End(because);

    /// <summary>Makes the object ready for another request.</summary>
    public void Reset()
    {
        if (_tokens.Length > KeptElements) _tokens = new long[512];
        if (_embeddings.Length > KeptElements) _embeddings = [];
        if (_texts.Length > KeptElements) _texts = new (int, int)[4];
        Count = 0;
        _used = 0;
        _outcome = (int)InferenceOutcome.Done;
        _completion.Reset();
    }

    InferenceOutcome IValueTaskSource<InferenceOutcome>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<InferenceOutcome>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<InferenceOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    private void End(InferenceOutcome outcome)
    {
        // The first thing that went wrong is what the client hears.
        if (outcome != InferenceOutcome.Done) Interlocked.CompareExchange(ref _outcome, (int)outcome, (int)InferenceOutcome.Done);
        if (Interlocked.Decrement(ref _remaining) == 0) _completion.SetResult((InferenceOutcome)_outcome);
    }
}
