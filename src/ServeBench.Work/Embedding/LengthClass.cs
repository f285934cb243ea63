namespace ServeBench.Work.Embedding;

/// <summary>
/// Batches of about the same length, and what a text in them costs. Short texts are many and cheap, long ones few and dear: a
/// short measurement that took batches as they come would find the raw runtime quicker or slower by as many long ones as it
/// happened to meet.
/// </summary>
/// <param name="batches">All batches of the class; one at least.</param>
internal sealed class LengthClass(RawBatch[] batches)
{
    /// <summary>Step between successive batches, as a share of all: the golden section spreads any number of steps evenly.</summary>
    private const double GoldenSection = 0.61803398874989485;

    /// <summary>With more lengths than these, neighbours share a class.</summary>
    private const int Most = 8;

    private int _executions;
    private long _measured;
    private double _seconds;

    /// <summary>Texts in the whole class.</summary>
    public long Items { get; } = batches.Sum(b => (long)b.Size);

    /// <summary>What all texts of the class take, by those that were measured.</summary>
    public double Seconds => Items * _seconds / _measured;

    /// <summary>The next batch to execute.</summary>
    public RawBatch Next()
    {
        var at = 0.5 + (_executions++ * GoldenSection);
        return batches[(int)((at - Math.Floor(at)) * batches.Length)];
    }

    /// <summary>Adds what an execution took.</summary>
    public void Add(RawBatch batch, TimeSpan took)
    {
        _measured += batch.Size;
        _seconds += took.TotalSeconds;
    }

    /// <summary>Batches in the order of their length, cut where the length changes, or into equal shares of all tokens.</summary>
    public static LengthClass[] Of(IReadOnlyList<RawBatch> batches)
    {
        var several = batches.Select(b => b.Sequence).Distinct().Count() > Most;
        var (total, before) = (batches.Sum(b => b.Tokens), 0L);
        var keys = new long[batches.Count];
        for (var i = 0; i < keys.Length; before += batches[i].Tokens, i++) keys[i] = several ? before * Most / total : batches[i].Sequence;
        return [.. batches.Zip(keys).GroupBy(b => b.Second, b => b.First).Select(g => new LengthClass([.. g]))];
    }
}
