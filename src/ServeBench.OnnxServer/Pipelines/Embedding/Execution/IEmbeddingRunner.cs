using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Execution;

/// <summary>Executes batches of token sequences that lie in its own buffers. Belongs to one worker: no two threads at once.</summary>
internal interface IEmbeddingRunner
{
    /// <summary>Numbers in an embedding.</summary>
    int Dimensions { get; }

    /// <summary>Room for token ids, [batch, sequence], row by row.</summary>
    Span<long> Ids { get; }

    /// <summary>Room for the mask, of the same shape: 1 where there is a token, 0 where there is padding.</summary>
    Span<long> Mask { get; }

    /// <summary>The embeddings of the last execution, [batch, <see cref="Dimensions"/>], row by row.</summary>
    ReadOnlySpan<float> Embeddings { get; }

    /// <summary>Executes the first rows of the buffers.</summary>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    void Run(int batch, int sequence);
}
