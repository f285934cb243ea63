using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Inference;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>
/// Embeds a text as its first token, the sum of its tokens, and its length, and notes the shape of every execution. Waits
/// before each execution for as long as <see cref="Gate"/> is closed.
/// </summary>
internal sealed class FakeRunner : IEmbeddingRunner, IDisposable
{
    /// <summary>A text with this token makes its execution fail.</summary>
    public const long Poison = 666;

    private readonly List<(int Batch, int Sequence)> _executions = [];

    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Set when an execution has begun.</summary>
    public ManualResetEventSlim Began { get; } = new();

    public int Dimensions => 3;

    public IReadOnlyList<(int Batch, int Sequence)> Executions
    {
        get
        {
            lock (_executions) return [.. _executions];
        }
    }

    public void Run(ReadOnlySpan<long> ids, ReadOnlySpan<long> mask, int batch, int sequence, Span<float> embeddings)
    {
        lock (_executions) _executions.Add((batch, sequence));
        Began.Set();
        Gate.Wait();
        if (ids.Contains(Poison)) throw new RunFailedException("a poisoned execution");
        for (var row = 0; row < batch; row++)
        {
            var (sum, length) = (0L, 0L);
            for (var i = row * sequence; i < (row + 1) * sequence; i++)
            {
                sum += ids[i] * mask[i];
                length += mask[i];
            }
            embeddings[row * 3] = ids[row * sequence];
            embeddings[row * 3 + 1] = sum;
            embeddings[row * 3 + 2] = length;
        }
    }

    public void Dispose()
    {
        Gate.Dispose();
        Began.Dispose();
    }
}
