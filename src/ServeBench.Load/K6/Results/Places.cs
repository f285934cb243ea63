namespace ServeBench.Load.K6.Results;

/// <summary>
/// The places of requests in a schedule of constant arrivals. k6 numbers the iterations that it starts, not the arrivals that it
/// drops; since one loop does both, in the order of the schedule, an arrival that was dropped takes the place after the
/// iteration before it, and moves on all that come later.
/// </summary>
internal sealed class Places
{
    private readonly Dictionary<int, int> _droppedBefore = [];
    private readonly List<int> _drops = [];

    /// <param name="iterations">Those of the measuring scenario that have ended.</param>
    /// <param name="drops">When k6 noticed each arrival that it dropped, Unix nanoseconds.</param>
    public Places(IEnumerable<Iteration> iterations, IEnumerable<long> drops)
    {
        var noticed = drops.Order().ToArray();
        var dropped = 0;
        var next = 0;
        foreach (var iteration in iterations.OrderBy(i => i.Number))
        {
            for (; dropped < noticed.Length && noticed[dropped] < iteration.Start; dropped++) _drops.Add(next + dropped);
            _droppedBefore[iteration.Number] = dropped;
            next = iteration.Number + 1;
        }
        for (; dropped < noticed.Length; dropped++) _drops.Add(next + dropped);
    }

    /// <summary>The places of the arrivals that were dropped.</summary>
    public IReadOnlyList<int> Dropped => _drops;

    public int Of(Iteration iteration) => iteration.Number + _droppedBefore[iteration.Number];
}
