using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>What a symbol of a figure stands for.</summary>
/// <param name="Name">In words.</param>
/// <param name="Mark">How it is drawn.</param>
/// <param name="Colour">Of the light theme.</param>
/// <param name="Symbol">Of a point.</param>
/// <param name="Number">Within a point; may be empty.</param>
internal sealed record LegendEntry(string Name, LegendMark Mark, string Colour, int Symbol = 0, string Number = "")
{
    public static LegendEntry HollowBar { get; } = new(Plot.Hollow, LegendMark.HollowBar, Theme.Muted);

    public static LegendEntry HollowPoint { get; } = new(Plot.Hollow, LegendMark.HollowPoint, Theme.Muted);
}

internal enum LegendMark
{
    Bar,
    HollowBar,
    Line,
    Point,
    HollowPoint,
    DashedLine,
}

/// <summary>Entries beside each other, in as many rows as their measured widths need.</summary>
internal sealed class LegendStrip
{
    private const float RowHeight = 22;
    private const float IconWidth = 18;
    private const float Gap = 18;

    private static readonly TextStyle Style = new(12);

    private readonly List<List<(LegendEntry Entry, float X)>> _rows = [];

    public LegendStrip(IReadOnlyList<LegendEntry> entries, float width)
    {
        var x = 0f;
        foreach (var entry in entries)
        {
            var needed = IconWidth + 6 + Style.Font.Width(entry.Name, Style.Size);
            if (_rows.Count == 0 || (x > 0 && x + needed > width))
            {
                _rows.Add([]);
                x = 0;
            }
            _rows[^1].Add((entry, x));
            x += needed + Gap;
        }
    }

    public float Height => _rows.Count * RowHeight;

    public void Draw(Sheet sheet, float left, float top)
    {
        for (var row = 0; row < _rows.Count; row++)
        {
            var middle = top + (row * RowHeight) + (RowHeight / 2);
            foreach (var (entry, x) in _rows[row])
            {
                Icon(sheet, entry, left + x, middle);
                sheet.Text(entry.Name, left + x + IconWidth + 6, middle + 4, Style);
            }
        }
    }

    private static void Icon(Sheet sheet, LegendEntry entry, float left, float middle)
    {
        var box = new SKRect(left + 2, middle - 5, left + IconWidth - 2, middle + 5);
        switch (entry.Mark)
        {
            case LegendMark.Bar:
                sheet.Box(box, entry.Colour);
                break;
            case LegendMark.HollowBar:
                sheet.Box(box, Theme.Ground, entry.Colour, dashed: true);
                break;
            case LegendMark.DashedLine:
                sheet.Line(left, middle, left + IconWidth, middle, entry.Colour, 1.2f, dashed: true);
                break;
            case LegendMark.HollowPoint:
                sheet.Symbol(box.MidX, middle, 4.5f, 0, entry.Colour, hollow: true);
                break;
            case LegendMark.Line:
                sheet.Line(left, middle, left + IconWidth, middle, entry.Colour, 2);
                sheet.Symbol(box.MidX, middle, 4, entry.Symbol, entry.Colour);
                break;
            default:
                sheet.Symbol(box.MidX, middle, entry.Number.Length > 0 ? 8 : 6, entry.Symbol, entry.Colour);
                sheet.Text(entry.Number, box.MidX, middle + 3.2f, SharedPanels.NumberStyle);
                break;
        }
    }
}
