namespace ServeBench.Domain.Samples;

/// <summary>Samples in the order in which they finished. Appending is amortised O(1); reading is by reference into one array.</summary>
public sealed class SampleTable
{
    private Sample[] _rows;

    public SampleTable(int capacity = 1024) => _rows = new Sample[Math.Max(1, capacity)];

    public int Count { get; private set; }

    public ref readonly Sample this[int index] => ref Rows[index];

    public ReadOnlySpan<Sample> Rows => _rows.AsSpan(0, Count);

    public void Add(in Sample sample)
    {
        if (Count == _rows.Length) Array.Resize(ref _rows, _rows.Length * 2);
        _rows[Count++] = sample;
    }
}
