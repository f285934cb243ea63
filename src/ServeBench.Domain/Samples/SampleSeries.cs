namespace ServeBench.Domain.Samples;

/// <summary>
/// A named series of numbers for each sample of a table, of any length, in the order in which they came: the times of a stream's events,
/// and how many tokens each of them held.
/// Appending is amortised O(1); reading is by reference into one array.
/// </summary>
/// <param name="name">Unique in its table.</param>
/// <param name="samples">Samples to make room for.</param>
/// <param name="values">Values to make room for.</param>
public sealed class SampleSeries(string name, int samples = 0, int values = 0)
{
    /// <summary>When each event of a streamed answer came, nanoseconds after the request was sent.</summary>
    public const string Events = "events";

    /// <summary>
    /// How many output tokens each event of <see cref="Events"/> held, as the model itself cuts texts; 0 for one without text.
    /// </summary>
    public const string Tokens = "tokens";

    private int[] _ends = new int[samples];
    private long[] _values = new long[values];

    public string Name => name;

    /// <summary>Samples up to the last that has values.</summary>
    public int Count { get; private set; }

    /// <summary>Values of all samples together.</summary>
    public int Length => Count == 0 ? 0 : _ends[Count - 1];

    /// <summary>The values of a sample; empty where it has none.</summary>
    /// <param name="sample">Its place in the table.</param>
    public ReadOnlySpan<long> this[int sample]
    {
        get
        {
            if (sample >= Count) return default;
            var start = sample == 0 ? 0 : _ends[sample - 1];
            return _values.AsSpan(start, _ends[sample] - start);
        }
    }

    /// <summary>Gives a sample its values; samples before it that have been given none have none.</summary>
    /// <param name="sample">Its place in the table, beyond all that have values already.</param>
    /// <param name="values">In order.</param>
    public void Set(int sample, ReadOnlySpan<long> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sample, Count);
        var length = Length;
        if (sample >= _ends.Length) Array.Resize(ref _ends, Math.Max(sample + 1, 2 * _ends.Length));
        if (length + values.Length > _values.Length) Array.Resize(ref _values, Math.Max(length + values.Length, 2 * _values.Length));
        _ends.AsSpan(Count, sample - Count).Fill(length);
        values.CopyTo(_values.AsSpan(length));
        _ends[sample] = length + values.Length;
        Count = sample + 1;
    }
}
