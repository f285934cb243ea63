using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Inference;

/// <summary>Executes batches of token sequences. May be called from several threads at once.</summary>
internal interface IEmbeddingRunner
{
    /// <summary>Numbers in an embedding.</summary>
    int Dimensions { get; }

    /// <param name="ids">Token ids, [batch, sequence], row by row.</param>
    /// <param name="mask">1 where there is a token, 0 where there is padding.</param>
    /// <param name="embeddings">Receives the embeddings, [batch, <see cref="Dimensions"/>], row by row.</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    void Run(ReadOnlySpan<long> ids, ReadOnlySpan<long> mask, int batch, int sequence, Span<float> embeddings);
}
