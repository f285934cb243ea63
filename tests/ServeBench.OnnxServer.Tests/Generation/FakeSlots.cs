using ServeBench.OnnxServer.Pipelines.Generation.Execution;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>
/// A model whose next token depends on all tokens before it, so that a sequence that got another's slot, or lost a part of its prompt, goes
/// on otherwise. Calls wait until they are let through, where a test says so.
/// </summary>
internal sealed class FakeSlots(int slots, int capacity, int vocabulary = 1000) : ISlotModel, IDisposable
{
    private readonly List<string> _calls = [];
    private readonly List<int>[] _held = [.. Enumerable.Range(0, slots).Select(_ => new List<int>())];
    private readonly float[] _logits = new float[slots * vocabulary];

    public int Slots => slots;

    public int Capacity => capacity;

    /// <summary>Open by default; a call waits at it.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Set by a call before it waits.</summary>
    public ManualResetEventSlim Began { get; } = new(initialState: false);

    /// <summary>What the calls were: P and the tokens of a part, S and the sequences of a step.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_calls) return [.. _calls];
        }
    }

    /// <summary>Calls from now on.</summary>
    public void Forget()
    {
        lock (_calls) _calls.Clear();
    }

    /// <summary>Called by a call before it does anything; may throw.</summary>
    public Action<string> OnCall { get; set; } = _ => { };

    /// <summary>What follows some tokens.</summary>
    public static int After(IReadOnlyList<int> tokens, int vocabulary = 1000)
    {
        var hash = 17u;
        foreach (var token in tokens) hash = (hash * 31) + (uint)token;
        return (int)(hash % (uint)vocabulary);
    }

    /// <summary>The tokens after a prompt.</summary>
    public static IReadOnlyList<int> Continue(IEnumerable<int> prompt, int count)
    {
        var all = prompt.ToList();
        var given = all.Count;
        while (all.Count < given + count) all.Add(After(all));
        return all[given..];
    }

    public void Part(int slot, ReadOnlySpan<int> tokens, int past, bool asks)
    {
        Enter($"P{tokens.Length}");
        Assert.InRange(slot, 0, slots - 1);
        Add(slot, tokens, past);
        if (asks) Answer(0, slot);
    }

    public void Step(ReadOnlySpan<int> tokens, ReadOnlySpan<int> past)
    {
        Enter($"S{tokens.Length}");
        for (var slot = 0; slot < tokens.Length; slot++)
        {
            Add(slot, tokens.Slice(slot, 1), past[slot]);
            Answer(slot, slot);
        }
    }

    public Span<float> Logits(int row) => _logits.AsSpan(row * vocabulary, vocabulary);

    public void Copy(int from, int into, int tokens)
    {
        _held[into].Clear();
        _held[into].AddRange(_held[from].Take(tokens));
    }

    public void Dispose()
    {
        Gate.Dispose();
        Began.Dispose();
    }

    private void Enter(string call)
    {
        lock (_calls) _calls.Add(call);
        Began.Set();
        Gate.Wait();
        OnCall(call);
    }

    private void Add(int slot, ReadOnlySpan<int> tokens, int past)
    {
        Assert.InRange(past, 0, _held[slot].Count);
        _held[slot].RemoveRange(past, _held[slot].Count - past);
        _held[slot].AddRange(tokens);
        Assert.InRange(_held[slot].Count, 1, capacity);
    }

    private void Answer(int row, int slot)
    {
        var logits = Logits(row);
        logits.Clear();
        logits[After(_held[slot], vocabulary)] = 1;
    }
}
