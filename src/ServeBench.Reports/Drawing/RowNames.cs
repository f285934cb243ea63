namespace ServeBench.Reports.Drawing;

/// <summary>The names at the left of a figure's rows, on as many lines as they need, each in the middle of its row.</summary>
internal sealed class RowNames
{
    private const float LineHeight = 14;
    private const float Gap = 14;

    private static readonly TextStyle Style = new(12);

    private readonly IReadOnlyList<string>[] _lines;

    /// <param name="names">One for each row.</param>
    /// <param name="widest">Where a name is wrapped.</param>
    public RowNames(IEnumerable<string> names, float widest)
    {
        _lines = [.. names.Select(n => Style.Font.Wrap(n, Style.Size, widest))];
        Width = Style.Font.Widest(_lines.SelectMany(l => l), Style.Size) + Gap;
        Height = _lines.Max(l => l.Count) * LineHeight;
    }

    /// <summary>Of the widest name, with the gap to what is at its right.</summary>
    public float Width { get; }

    /// <summary>Of the name with the most lines.</summary>
    public float Height { get; }

    public void Draw(Sheet sheet, int row, float left, float middle)
    {
        var first = middle + 4 - ((_lines[row].Count - 1) * LineHeight / 2);
        for (var i = 0; i < _lines[row].Count; i++) sheet.Text(_lines[row][i], left, first + (i * LineHeight), Style);
    }
}
