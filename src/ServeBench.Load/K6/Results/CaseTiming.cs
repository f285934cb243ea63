using ServeBench.Domain.Plans;

namespace ServeBench.Load.K6.Results;

/// <summary>What the raw output of a case has to be held against.</summary>
internal sealed record CaseTiming
{
    public required LoadShape Shape { get; init; }

    public required TimeSpan WarmUp { get; init; }

    /// <summary>Length of one warm-up window.</summary>
    public required TimeSpan WarmUpWindow { get; init; }

    public required TimeSpan Margin { get; init; }

    public required TimeSpan Measure { get; init; }

    public required TimeSpan Deadline { get; init; }

    public required int ExpectedStatus { get; init; }

    /// <summary>Bytes of body that a good answer has for each item at the very least; 0 when nothing is known.</summary>
    public int LeastBytesPerItem { get; init; }

    /// <summary>When requests were due, nanoseconds from the start of the schedule; empty unless the arrivals are Poisson's.</summary>
    public required IReadOnlyList<long> Arrivals { get; init; }

    /// <summary>The payload of the measuring scenario's n-th iteration, round and round.</summary>
    public required IReadOnlyList<int> Order { get; init; }

    /// <summary>The payload of the warm-up's n-th iteration, round and round.</summary>
    public required IReadOnlyList<int> WarmUpOrder { get; init; }

    /// <summary>Items in each payload.</summary>
    public required IReadOnlyList<int> Items { get; init; }

    public int WarmUpPayloadOf(int iteration) => WarmUpOrder[iteration % WarmUpOrder.Count];

    public int PayloadOf(int iteration) => Order[iteration % Order.Count];
}
