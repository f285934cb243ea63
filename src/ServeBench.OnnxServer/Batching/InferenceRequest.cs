using System.Threading.Tasks.Sources;

namespace ServeBench.OnnxServer.Batching;

/// <summary>
/// The texts of one request as tokens, the room for their embeddings, and when what happened to them. Objects are pooled:
/// <see cref="Reset"/> makes one ready for the next request, which is allowed once <see cref="Completion"/> has been awaited (or
/// the request was never queued), since no worker holds on to it then. Times are those of the queue's clock.
/// </summary>
internal sealed class InferenceRequest : IValueTaskSource<InferenceOutcome>
{
    /// <summary>Buffers larger than this many elements are not kept for the next request.</summary>
    private const int KeptElements = 1 << 16;

    private ManualResetValueTaskSourceCore<InferenceOutcome> _completion = new() { RunContinuationsAsynchronously = true };
    private long[] _tokens = new long[512];
    private (int Start, int Length)[] _texts = new (int, int)[4];
    private float[] _embeddings = [];
    private TextQueue? _queue;
    private int _dimensions;
    private int _used;
    private int _remaining;
    private int _outcome;
    private long _startedAt;
    private long _endedAt;

    /// <summary>Number of texts.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens of all texts, special tokens included, without padding.</summary>
    public int TokenCount => _used;

    /// <summary>When it arrived.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>When its texts had become tokens and were queued.</summary>
    public long QueuedAt { get; set; }

    /// <summary>When the first of its texts began to be executed; 0 when none was.</summary>
    public long StartedAt => Interlocked.Read(ref _startedAt);

    /// <summary>When the last of its texts had been executed.</summary>
    public long EndedAt => Interlocked.Read(ref _endedAt);

    /// <summary>How long its answer took to be written, in ticks of the clock; 0 while it was not.</summary>
    public long WritingTicks { get; set; }

    /// <summary>Texts in the execution of its first text.</summary>
    public int BatchTexts { get; private set; }

    /// <summary>After this time its texts are not executed any more.</summary>
    public long ExpiresAt { get; set; } = long.MaxValue;

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

    /// <summary>The embeddings of all texts, one after the other; valid as <see cref="Embedding"/> is.</summary>
    public ReadOnlySpan<float> Embeddings => _embeddings.AsSpan(0, Count * _dimensions);

    /// <summary>Queues the texts, all or none.</summary>
    /// <param name="queue">Where.</param>
    /// <param name="dimensions">Numbers in an embedding.</param>
    /// <returns>False when there is no room for them.</returns>
    public bool TryQueue(TextQueue queue, int dimensions)
    {
        _queue = queue;
        _dimensions = dimensions;
        if (_embeddings.Length < Count * dimensions) _embeddings = new float[Count * dimensions];
        _remaining = Count;
        return queue.TryAdd(this);
    }

    /// <summary>Takes the texts out of the queue again that are not executed yet.</summary>
    public void Withdraw() => _queue!.Remove(this, InferenceOutcome.Cancelled);

    /// <summary>Notes that one of its texts is about to be executed, with how many others.</summary>
    public void Start(long at, int batchTexts)
    {
        if (Interlocked.CompareExchange(ref _startedAt, at, 0) == 0) BatchTexts = batchTexts;
    }

    /// <summary>Notes a text's embedding. Called by workers, each for texts of its own.</summary>
    public void Finish(int text, ReadOnlySpan<float> embedding, long at)
    {
        embedding.CopyTo(_embeddings.AsSpan(text * _dimensions, _dimensions));
        End(InferenceOutcome.Done, at);
    }

    /// <summary>Notes that one text will have no embedding.</summary>
    public void Abandon(InferenceOutcome because, long at) => End(because, at);

    /// <summary>Makes the object ready for another request.</summary>
    public void Reset()
    {
        if (_tokens.Length > KeptElements) _tokens = new long[512];
        if (_embeddings.Length > KeptElements) _embeddings = [];
        if (_texts.Length > KeptElements) _texts = new (int, int)[4];
        _queue = null;
        Count = 0;
        _used = 0;
        _outcome = (int)InferenceOutcome.Done;
        QueuedAt = 0;
        WritingTicks = 0;
        _startedAt = 0;
        _endedAt = 0;
        ExpiresAt = long.MaxValue;
        _completion.Reset();
    }

    InferenceOutcome IValueTaskSource<InferenceOutcome>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<InferenceOutcome>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<InferenceOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    private void End(InferenceOutcome outcome, long at)
    {
        // The first thing that went wrong is what the client hears.
        if (outcome != InferenceOutcome.Done) Interlocked.CompareExchange(ref _outcome, (int)outcome, (int)InferenceOutcome.Done);
        Interlocked.Exchange(ref _endedAt, at);
        if (Interlocked.Decrement(ref _remaining) == 0) _completion.SetResult((InferenceOutcome)_outcome);
    }
}
