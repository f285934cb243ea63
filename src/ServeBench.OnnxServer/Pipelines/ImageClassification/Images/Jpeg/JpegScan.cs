namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>What one scan of a JPEG file codes (ITU T.81, B.2.3).</summary>
internal sealed class JpegScan
{
    private readonly List<JpegComponent> _components = [];
    private readonly List<(int Dc, int Ac)> _tables = [];

    /// <summary>Where in a block, row by row, the coefficients lie in the order in which they are coded (figure A.6).</summary>
    public static ReadOnlySpan<byte> Natural =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>The symbol of sixteen coefficients that are zeros (table F.1 and F.2.2.2).</summary>
    public const int SixteenZeros = 0xF0;

    public IReadOnlyList<JpegComponent> Components => _components;

    /// <summary>The first and the last coefficient of each block.</summary>
    public int First { get; private set; }

    /// <inheritdoc cref="First"/>
    public int Last { get; private set; }

    /// <summary>The lowest bit that earlier scans have coded; 0 where this is the first scan of its coefficients.</summary>
    public int High { get; private set; }

    /// <summary>The lowest bit that this scan codes.</summary>
    public int Low { get; private set; }

    public bool NeedsDc => First == 0 && High == 0;

    public bool NeedsAc => Last > 0;

    public void Begin()
    {
        _components.Clear();
        _tables.Clear();
    }

    public void Add(JpegComponent component, int dc, int ac)
    {
        _components.Add(component);
        _tables.Add((dc, ac));
    }

    public (int Dc, int Ac) TablesOf(JpegComponent component) => _tables[_components.IndexOf(component)];

    /// <summary>Sets which part of the coefficients is coded; all of it where a file is not progressive.</summary>
    public void Limit(int first, int last, int high, int low, bool isProgressive)
    {
        if (!isProgressive) (first, last, high, low) = (0, JpegComponent.BlockSize - 1, 0, 0);
        else if (first > last || last >= JpegComponent.BlockSize || (first == 0) != (last == 0) || (first > 0 && _components.Count > 1)
            || low > 13 || (high != 0 && high != low + 1))
            throw UnreadableImageException.Damaged(
                $"a scan of {_components.Count} colours codes coefficients {first} to {last}, bits {high} to {low}, "
                    + "which JPEG does not allow");
        (First, Last, High, Low) = (first, last, high, low);
    }
}
