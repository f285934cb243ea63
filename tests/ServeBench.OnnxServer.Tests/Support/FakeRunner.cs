using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>
/// Embeds a text as its first token, the sum of its tokens, and its length, and notes the shape of every execution. Waits
/// before each execution for as long as <see cref="Gate"/> is closed.
/// </summary>
internal sealed class FakeRunner : IEmbeddingRunner, IDisposable
{
    /// <summary>A text with this token makes its execution fail.</summary>
    public const long Poison = 666;

    /// <summary>A text with this token makes its execution fail in a way that no runner reports.</summary>
    public const long Bug = 888;

    /// <summary>A text with this token has an embedding of infinity.</summary>
    public const long Overflow = 777;

    private readonly List<(int Batch, int Sequence)> _executions = [];
    private readonly long[] _ids = new long[1 << 16];
    private readonly long[] _mask = new long[1 << 16];
    private readonly float[] _embeddings = new float[1 << 16];

    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Set when an execution has begun.</summary>
    public ManualResetEventSlim Began { get; } = new();

    public int Dimensions => 3;

    public Span<long> Ids => _ids;

    public Span<long> Mask => _mask;

    public ReadOnlySpan<float> Embeddings => _embeddings;

    public IReadOnlyList<(int Batch, int Sequence)> Executions
    {
        get
        {
            lock (_executions) return [.. _executions];
        }
    }

    public void Run(int batch, int sequence)
    {
        lock (_executions) _executions.Add((batch, sequence));
        Began.Set();
        Gate.Wait();
        if (_ids.AsSpan(0, batch * sequence).Contains(Poison)) throw new RunFailedException("a poisoned execution");
        if (_ids.AsSpan(0, batch * sequence).Contains(Bug)) throw new InvalidOperationException("a bug");
        for (var row = 0; row < batch; row++)
        {
            var (sum, length) = (0L, 0L);
            for (var i = row * sequence; i < (row + 1) * sequence; i++)
            {
                sum += _ids[i] * _mask[i];
                length += _mask[i];
            }
            _embeddings[row * 3] = _ids[row * sequence] == Overflow ? float.PositiveInfinity : _ids[row * sequence];
            _embeddings[row * 3 + 1] = sum;
            _embeddings[row * 3 + 2] = length;
        }
    }

    public void Dispose()
    {
        Gate.Dispose();
        Began.Dispose();
    }
}
