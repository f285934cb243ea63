namespace ServeBench.Load.Schedules;

/// <summary>Goes round all payloads in one seeded random order (Fisher-Yates), so that each is sent as often as any other.</summary>
internal sealed class PayloadOrder
{
    private readonly int[] _order;
    private int _at;

    public PayloadOrder(int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _order = [.. Enumerable.Range(0, count)];
        var random = new Xoshiro256(seed);
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.NextBelow(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }

    /// <summary>The payload to send next.</summary>
    public int Next()
    {
        var payload = _order[_at];
        if (++_at == _order.Length) _at = 0;
        return payload;
    }

    /// <summary>Begins the round anew.</summary>
    public void Restart() => _at = 0;
}
