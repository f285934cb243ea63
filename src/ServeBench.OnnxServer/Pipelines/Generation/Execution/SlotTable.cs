namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>
/// Which sequence holds which slot. Those that are being continued hold the first ones, side by side, as a step needs them: where one
/// ends, the last of them takes its slot. The one whose prompt is being read holds another, and moves beside them when it has been.
/// Belongs to one thread.
/// </summary>
internal sealed class SlotTable(ISlotModel model)
{
    private readonly RunningSequence[] _slots = [.. Enumerable.Range(0, model.Slots).Select(_ => new RunningSequence())];
    private RunningSequence _entering = new();

    /// <summary>Sequences that are being continued.</summary>
    public int Count { get; private set; }

    /// <summary>The slot of the sequence whose prompt is being read; -1 for none.</summary>
    public int EnteringSlot { get; private set; } = -1;

    /// <summary>The sequence whose prompt is being read.</summary>
    public RunningSequence? Entering => EnteringSlot < 0 ? null : _entering;

    /// <summary>True when another prompt may be read.</summary>
    public bool HasRoom => EnteringSlot < 0 && Count < _slots.Length;

    /// <summary>Sequences that hold a slot.</summary>
    public int Held => Count + (EnteringSlot < 0 ? 0 : 1);

    public RunningSequence this[int slot] => _slots[slot];

    /// <summary>Gives a sequence the slot behind those that are being continued.</summary>
    public void Enter(GenerationRequest request, GeneratedSequence sequence)
    {
        EnteringSlot = Count;
        _entering.Begin(request, sequence);
    }

    /// <summary>The prompt has been read: its sequence is continued from now on.</summary>
    /// <returns>Its slot.</returns>
    public int Join()
    {
        // Some may have ended meanwhile.
        if (EnteringSlot != Count) model.Copy(EnteringSlot, Count, _entering.Past);
        (_slots[Count], _entering) = (_entering, _slots[Count]);
        EnteringSlot = -1;
        return Count++;
    }

    /// <summary>Frees the slot of the sequence whose prompt is being read.</summary>
    public void LeaveEntering()
    {
        _entering.End();
        EnteringSlot = -1;
    }

    /// <summary>Frees a slot; the last takes its place.</summary>
    public void Leave(int slot)
    {
        var left = _slots[slot];
        Count--;
        if (slot < Count)
        {
            model.Copy(Count, slot, _slots[Count].Past);
            (_slots[slot], _slots[Count]) = (_slots[Count], left);
        }
        left.End();
    }

    /// <summary>Tokens in all slots.</summary>
    public long Tokens()
    {
        long sum = Entering?.Past ?? 0;
        for (var slot = 0; slot < Count; slot++) sum += _slots[slot].Past;
        return sum;
    }
}
