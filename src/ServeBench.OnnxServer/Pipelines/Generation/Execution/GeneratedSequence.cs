using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>
/// A prompt and what has been generated after it. One thread, the one that executes the model, adds tokens; one other reads them as they
/// come. All tokens are kept, at most as many as the model has positions, so that a reader may be as slow as it likes.
/// </summary>
internal sealed class GeneratedSequence
{
    private readonly int[] _prompt;
    private readonly GenerationSettings _settings;
    private readonly int _end;
    private readonly OutputText _text;
    private readonly Random? _random;
    private int[] _tokens = [];
    private float[] _logprobs = [];

    /// <summary>For each token, the length of the text that is released with it.</summary>
    private int[] _texts = [];

    private int _count;
    private FinishReason _finish;
    private int _read;

    /// <summary>Which token ended it; -1 while none has.</summary>
    private int _lastIndex = -1;

    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="most">The most tokens that may follow, at least one.</param>
    /// <param name="settings">How it is continued.</param>
    /// <param name="tokenizer">What the tokens are of.</param>
    /// <param name="end">The token that ends texts.</param>
    public GeneratedSequence(int[] prompt, int most, in GenerationSettings settings, ByteLevelTokenizer tokenizer, int end)
    {
        (_prompt, Most, _settings, _end) = (prompt, most, settings, end);
        _text = new OutputText(tokenizer);
        if (settings.Temperature > 0) _random = settings.Seed is { } seed ? new Random(HashCode32(seed)) : new Random();
    }

    public ReadOnlySpan<int> Prompt => _prompt;

    /// <summary>Tokens that were generated.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The most tokens that may be generated.</summary>
    public int Most { get; }

    /// <summary>Why it ended; <see cref="FinishReason.None"/> while it has not.</summary>
    public FinishReason Finish => Volatile.Read(ref _lastIndex) < 0 ? FinishReason.None : _finish;

    /// <summary>Its whole text, once it has ended.</summary>
    public ReadOnlySpan<char> Text => _text.Slice(0, _count == 0 ? 0 : _texts[_count - 1]);

    /// <summary>The token that the model is given next, once the prompt has been read.</summary>
    public int Last => _tokens[_count - 1];

    /// <summary>Chooses the next token and adds it.</summary>
    /// <param name="logits">The model's logits; may be overwritten.</param>
    /// <param name="room">As much memory, to work in.</param>
    /// <returns>False where the logits are no finite numbers.</returns>
    public bool TryAdd(Span<float> logits, Span<float> room)
    {
        if (!TokenChoice.TryChoose(logits, room, _settings, _random, out var token, out var logprob)) return false;
        var at = _count;
        if (at == 0) Start();
        _tokens[at] = token;
        if (_settings.WantsLogprobs) _logprobs[at] = logprob;
        _finish = token == _end && !_settings.IgnoresEnd ? FinishReason.EndToken
            : _text.Add(token, _settings) ? FinishReason.StopText
            : at + 1 == Most ? FinishReason.Length
            : FinishReason.None;
        if (_finish is FinishReason.EndToken or FinishReason.Length) _text.Finish();
        _texts[at] = _text.Released;
        if (_finish != FinishReason.None) Volatile.Write(ref _lastIndex, at);
        // Whoever sees the count sees what belongs to it.
        Volatile.Write(ref _count, at + 1);
        return true;
    }

    /// <summary>Takes the next token that has not been read yet.</summary>
    /// <returns>False where there is none yet.</returns>
    public bool TryRead(out TokenPiece piece)
    {
        piece = default;
        if (_read == Count) return false;
        piece = Piece(_read++);
        return true;
    }

    /// <summary>One of the tokens that were generated, once the sequence has ended.</summary>
    public TokenPiece this[int index] => Piece(index);

    /// <summary>Takes memory when it is its turn: of what waits there may be much more than of what is generated.</summary>
    private void Start()
    {
        _tokens = new int[Most];
        _texts = new int[Most];
        if (_settings.WantsLogprobs) _logprobs = new float[Most];
    }

    private TokenPiece Piece(int index) => new(
        index,
        _tokens[index],
        _settings.WantsLogprobs ? _logprobs[index] : 0,
        _text.Slice(index == 0 ? 0 : _texts[index - 1], _texts[index]),
        // A later token may have ended the sequence meanwhile.
        index == Volatile.Read(ref _lastIndex) ? _finish : FinishReason.None);

    private static int HashCode32(long seed) => unchecked((int)(seed ^ (seed >> 32)));
}
