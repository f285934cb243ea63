namespace ServeBench.Load.Native;

/// <summary>The slots of a closed loop: connections that carry a request or rest before their next.</summary>
internal sealed class ClosedSlots(LoadPhases phases)
{
    private int _taken;

    /// <summary>Takes a slot where the loop has one free.</summary>
    public bool TryTake()
    {
        if (_taken >= phases.Concurrency) return false;
        _taken++;
        return true;
    }

    /// <summary>Whether a connection whose request has ended is to send no other by itself; it then has given up its slot.</summary>
    public bool IsSurplus()
    {
        if (phases.Concurrency == 0) return true;
        if (_taken <= phases.Concurrency) return false;
        _taken--;
        return true;
    }
}
