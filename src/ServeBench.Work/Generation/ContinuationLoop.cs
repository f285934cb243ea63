using ServeBench.Domain.Trials;

namespace ServeBench.Work.Generation;

/// <summary>What the loop does with a model; tests do it without one.</summary>
internal interface IDecoderSteps : IDisposable
{
    /// <summary>The runtime with its version and settings, for reports.</summary>
    string Runtime { get; }

    /// <summary>Makes room for so many sequences, in memory that is taken at once; what was there before is gone.</summary>
    void Reserve(int slots, int capacity);

    /// <summary>Puts a prompt into an empty slot, and takes its next token.</summary>
    void Prefill(int slot, int[] prompt);

    /// <summary>Adds one token to each of the first so many slots, and takes the next of each.</summary>
    /// <param name="lengths">Tokens that each slot holds already.</param>
    void Decode(IReadOnlyList<int> lengths);
}

/// <summary>
/// Continues a workload's prompts by greedy decoding as fast as it goes, with no server around it, as an ideal server with continuous
/// batching would: a slot whose sequence has ended gets the next prompt at once, and every step decodes all slots.
/// </summary>
/// <param name="steps">The model, disposed of with the loop.</param>
/// <param name="requests">Token ids of every prompt, and how many tokens are to be added.</param>
/// <param name="time">The clock.</param>
internal sealed class ContinuationLoop(IDecoderSteps steps, IEnumerable<(int[] Prompt, int OutputTokens)> requests, TimeProvider time)
    : IRawRuntime
{
    private const int LeastExecutions = 3;

    private readonly (int[] Prompt, int OutputTokens)[] _requests = [.. requests];

    public string Description => steps.Runtime;

    public void Dispose() => steps.Dispose();

    /// <summary>
    /// Measures one batch size: sequences side by side. What a prompt takes is put together from what prefilling takes per token of prompts
    /// and decoding per token added, so that the rate is that of the whole workload however short the measurement:
    /// items/s = 1 / (mean prompt x seconds per prompt token + (mean output - 1) x seconds per decoded token).
    /// </summary>
    /// <param name="batchSize">Sequences side by side.</param>
    /// <param name="duration">How long to go on; at least three executions are made, one of them of a prompt.</param>
    /// <param name="cancellationToken">Ends the loop between two executions.</param>
    public CeilingPoint Measure(int batchSize, TimeSpan duration, CancellationToken cancellationToken)
    {
        steps.Reserve(batchSize, _requests.Max(r => r.Prompt.Length + r.OutputTokens));
        var next = 0;
        var slots = new (int Length, int Left)[batchSize];
        // As in the middle of a long run: every sequence is somewhere else on its way. Room that holds zeros costs as much to read.
        for (var i = 0; i < batchSize; i++)
        {
            var (prompt, output) = Take(ref next);
            var done = (int)((long)(output - 1) * i / batchSize);
            slots[i] = (prompt.Length + done, output - 1 - done);
        }
        // Memory is taken before the clock starts.
        steps.Prefill(0, _requests[0].Prompt);
        steps.Decode([.. slots.Select(s => s.Length)]);
        var (prefill, decode) = (TimeSpan.Zero, TimeSpan.Zero);
        var (prompted, decoded, executions) = (0L, 0L, 0);
        slots[0].Left = 0;
        var started = time.GetTimestamp();
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < batchSize; i++)
            {
                while (slots[i].Left <= 0)
                {
                    var (prompt, output) = Take(ref next);
                    var from = time.GetTimestamp();
                    steps.Prefill(i, prompt);
                    prefill += time.GetElapsedTime(from);
                    prompted += prompt.Length;
                    executions++;
                    slots[i] = (prompt.Length, output - 1);
                    if (output == 1 && time.GetElapsedTime(started) >= duration) break;
                }
            }
            if (Array.Exists(slots, s => s.Left <= 0)) break;
            var begun = time.GetTimestamp();
            steps.Decode([.. slots.Select(s => s.Length)]);
            decode += time.GetElapsedTime(begun);
            decoded += batchSize;
            executions++;
            for (var i = 0; i < batchSize; i++) slots[i] = (slots[i].Length + 1, slots[i].Left - 1);
        }
        while (time.GetElapsedTime(started) < duration || executions < LeastExecutions);
        var seconds = (_requests.Average(r => (double)r.Prompt.Length) * (prefill.TotalSeconds / prompted))
            + (_requests.Average(r => r.OutputTokens - 1.0) * (decoded == 0 ? 0 : decode.TotalSeconds / decoded));
        return new CeilingPoint(batchSize, 1 / seconds, executions);
    }

    private (int[] Prompt, int OutputTokens) Take(ref int next) => _requests[next++ % _requests.Length];
}
