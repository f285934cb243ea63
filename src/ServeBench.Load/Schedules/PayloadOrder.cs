namespace ServeBench.Load.Schedules;

/// <summary>
/// Goes round all payloads in the order in which they were made, from a seeded place on, so that each is sent as often as any
/// other and every stretch keeps the mix of sizes that they were made with (docs/decisions/0005).
/// </summary>
internal sealed class PayloadOrder
{
    private readonly int _count;
    private readonly int _first;
    private int _at;

    /// <param name="count">Number of payloads.</param>
    /// <param name="mix">After how many payloads the mix of sizes is complete; the round begins where one begins.</param>
    /// <param name="seed">Decides where it begins.</param>
    public PayloadOrder(int count, int mix, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mix);
        _count = count;
        _first = new Xoshiro256(seed).NextBelow(Math.Max(1, count / mix)) * mix;
        _at = _first;
    }

    /// <summary>The payload to send next.</summary>
    public int Next()
    {
        var payload = _at;
        if (++_at == _count) _at = 0;
        return payload;
    }

    /// <summary>Begins the round anew.</summary>
    public void Restart() => _at = _first;
}
