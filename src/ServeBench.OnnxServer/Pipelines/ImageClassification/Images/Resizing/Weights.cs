namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Resizing;

/// <summary>
/// Which pixels of a row, or of a column, become one pixel of a scaled one, and how much of each: Pillow's antialiased bilinear filter
/// (Resample.c, precompute_coeffs and normalize_coeffs_8bpc), in its whole numbers.
/// </summary>
internal sealed class Weights
{
    /// <summary>Bits behind the point of a weight.</summary>
    public const int Precision = 32 - 8 - 2;

    private int[] _values = [];
    private (int First, int Count)[] _bounds = [];
    private double[] _exact = [];
    private int _count;

    /// <summary>The most pixels that one is made of, and the distance of one pixel's weights from the next one's; even.</summary>
    public int Taps { get; private set; }

    /// <summary>The first pixel that is needed, and the one after the last.</summary>
    public (int Begin, int End) Extent => (_bounds[0].First, _bounds[_count - 1].First + _bounds[_count - 1].Count);

    /// <summary>Computes the weights of a part of the scaled pixels.</summary>
    /// <param name="source">How many there are.</param>
    /// <param name="target">How many they become.</param>
    /// <param name="begin">The first that is wanted.</param>
    /// <param name="count">How many are wanted.</param>
    public void Compute(int source, long target, long begin, int count)
    {
        var scale = (double)source / target;
        var support = Math.Max(scale, 1);
        var most = ((int)Math.Ceiling(support) * 2) + 1;
        (Taps, _count) = (most + (most & 1), count);
        if (_values.Length < count * Taps) _values = new int[count * Taps];
        if (_bounds.Length < count) _bounds = new (int, int)[count];
        if (_exact.Length < most) _exact = new double[most];
        Array.Clear(_values);
        for (var i = 0; i < count; i++) Compute(i, (begin + i + 0.5) * scale, support, source);
    }

    /// <summary>The first pixel that a scaled one is made of, and how many.</summary>
    public (int First, int Count) Bounds(int index) => _bounds[index];

    /// <summary>Their weights, and zeros behind.</summary>
    public ReadOnlySpan<int> Of(int index) => _values.AsSpan(index * Taps, Taps);

    private void Compute(int index, double centre, double support, int source)
    {
        var inverse = 1 / support;
        var first = Math.Max(0, (int)(centre - support + 0.5));
        var count = Math.Min(source, (int)(centre + support + 0.5)) - first;
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            var distance = Math.Abs((i + first - centre + 0.5) * inverse);
            _exact[i] = distance < 1 ? 1 - distance : 0;
            sum += _exact[i];
        }
        for (var i = 0; i < count; i++)
            _values[(index * Taps) + i] = (int)(0.5 + ((sum != 0 ? _exact[i] / sum : _exact[i]) * (1 << Precision)));
        _bounds[index] = (first, count);
    }
}
