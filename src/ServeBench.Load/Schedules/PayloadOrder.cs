using ServeBench.Platform;

namespace ServeBench.Load.Schedules;

/// <summary>
/// Goes round a stretch of the payloads. In the order in which they were made every stretch keeps the mix of sizes; shuffled, each
/// request's size is independent of the one before, as it is where users arrive by themselves (docs/decisions/0031).
/// </summary>
internal sealed class PayloadOrder
{
    private readonly int _first;
    private readonly int[]? _shuffled;
    private readonly int _count;
    private int _at;

    /// <param name="stretch">Which payloads.</param>
    /// <param name="shuffleSeed">Decides the order; null keeps the order in which they were made.</param>
    public PayloadOrder(PayloadStretch stretch, long? shuffleSeed = null)
    {
        if (stretch.Count <= 0 || stretch.First < 0)
            throw new ArgumentOutOfRangeException(nameof(stretch), stretch, "a stretch holds one payload at least");
        (_first, _count, _at) = (stretch.First, stretch.Count, stretch.At % stretch.Count);
        if (shuffleSeed is not { } seed) return;
        _shuffled = new int[_count];
        var random = new Xoshiro256(seed);
        for (var i = 0; i < _count; i++)
        {
            // Fisher-Yates, inside out.
            var j = random.NextBelow(i + 1);
            _shuffled[i] = _shuffled[j];
            _shuffled[j] = i;
        }
    }

    /// <summary>How many were taken.</summary>
    public int Taken { get; private set; }

    /// <summary>The payload to send next.</summary>
    public int Next()
    {
        Taken++;
        var at = _at;
        if (++_at == _count) _at = 0;
        return _first + (_shuffled is null ? at : _shuffled[at]);
    }
}
