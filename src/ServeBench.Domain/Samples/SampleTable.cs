namespace ServeBench.Domain.Samples;

/// <summary>Samples in the order in which they finished. Appending is amortised O(1); reading is by reference into one array.</summary>
public sealed class SampleTable
{
    private readonly List<SampleSeries> _series = [];
    private Sample[] _rows;

    public SampleTable(int capacity = 1024) => _rows = new Sample[Math.Max(1, capacity)];

    public int Count { get; private set; }

    public ref readonly Sample this[int index] => ref Rows[index];

    public ReadOnlySpan<Sample> Rows => _rows.AsSpan(0, Count);

    /// <summary>What samples have beside their columns, in ordinal order of name; empty where answers are no streams.</summary>
    public IReadOnlyList<SampleSeries> AllSeries => _series;

    /// <summary>The series of that name; null where no sample has one.</summary>
    public SampleSeries? Series(string name) => _series.Find(s => s.Name == name);

    /// <param name="series">One with a name of its own.</param>
    public SampleSeries Add(SampleSeries series)
    {
        if (Series(series.Name) is not null) throw new ArgumentException($"the table has a series '{series.Name}' already", nameof(series));
        _series.Add(series);
        _series.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return series;
    }

    public void Add(in Sample sample)
    {
        if (Count == _rows.Length) Array.Resize(ref _rows, _rows.Length * 2);
        _rows[Count++] = sample;
    }
}
