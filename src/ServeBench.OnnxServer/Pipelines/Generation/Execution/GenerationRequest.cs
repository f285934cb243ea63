using System.Buffers;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>The prompts of one request and what is generated after them.</summary>
internal sealed class GenerationRequest : ScheduledRequest
{
    private readonly List<(GeneratedSequence Sequence, int Cost)> _sequences = [];
    private volatile bool _isWithdrawn;

    /// <summary>Set whenever a token is new or a sequence has ended.</summary>
    public NewsSignal News { get; } = new();

    /// <summary>Where its answer, or a piece of it, is put together.</summary>
    public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

    /// <summary>True when nobody waits for its tokens any more.</summary>
    public bool IsWithdrawn => _isWithdrawn;

    /// <summary>Tokens of all prompts.</summary>
    public int PromptTokens { get; private set; }

    /// <summary>Tokens that were generated after all of them.</summary>
    public int GeneratedTokens
    {
        get
        {
            var sum = 0;
            foreach (var (sequence, _) in _sequences) sum += sequence.Count;
            return sum;
        }
    }

    public GeneratedSequence this[int item] => _sequences[item].Sequence;

    public override int Cost(int item) => _sequences[item].Cost;

    /// <param name="sequence">A prompt.</param>
    /// <param name="cost">What reading and continuing it costs.</param>
    public void Add(GeneratedSequence sequence, int cost)
    {
        _sequences.Add((sequence, cost));
        Count++;
        TotalCost += cost;
        PromptTokens += sequence.Prompt.Length;
    }

    public new bool TryQueue(WorkQueue queue) => base.TryQueue(queue);

    /// <summary>Takes back what waits, at once, and what is being generated, before the next step.</summary>
    public override void Withdraw()
    {
        _isWithdrawn = true;
        base.Withdraw();
    }

    public override void Abandon(InferenceOutcome because, long at)
    {
        base.Abandon(because, at);
        News.Set();
    }

    /// <summary>Notes that a sequence has ended.</summary>
    public new void Finish(long at)
    {
        base.Finish(at);
        News.Set();
    }

    public override void Reset()
    {
        _sequences.Clear();
        _isWithdrawn = false;
        PromptTokens = 0;
        Buffer.ResetWrittenCount();
        base.Reset();
    }
}
