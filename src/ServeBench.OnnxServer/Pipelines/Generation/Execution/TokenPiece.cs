namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>One token of a sequence, with what it adds to the text.</summary>
/// <param name="index">Which token of its sequence, from 0 on.</param>
/// <param name="id">The token.</param>
/// <param name="logprob">The logarithm of its probability, where that was asked for.</param>
/// <param name="text">The text that may be shown since it came; may be empty.</param>
/// <param name="finish">Why the sequence ended with it.</param>
internal readonly ref struct TokenPiece(int index, int id, float logprob, ReadOnlySpan<char> text, FinishReason finish)
{
    public int Index => index;

    public int Id => id;

    public float Logprob => logprob;

    public ReadOnlySpan<char> Text { get; } = text;

    public FinishReason Finish => finish;
}
