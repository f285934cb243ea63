using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>
/// Many series of bars: a panel per category, in it a row per series with its name at the left and its value at the right, so that
/// nothing has to be looked up and no label can meet another, however many series there are.
/// </summary>
internal sealed class BarPanels : IFigure
{
    private const float LeastBar = 90;
    private const float WidestName = 300;
    private const float Gap = 22;
    private const float HeadingHeight = 26;

    private static readonly TextStyle Heading = new(12, Bold: true);
    private static readonly TextStyle Value = new(11, OnGround: true);
    private static readonly TextStyle Axis = new(11, Theme.Muted, Anchor.Middle);

    private readonly BarsPlot _plot;
    private readonly float _width;
    private readonly RowNames _names;
    private readonly float _labels;
    private readonly float _row;
    private readonly int _columns;

    public BarPanels(BarsPlot plot, float width)
    {
        (_plot, _width) = (plot, width);
        _names = new RowNames(plot.Series.Select(s => s.Name), WidestName);
        _row = _names.Height + 8;
        _labels = Value.Font.Widest(BarLegend.Labels(plot), Value.Size) + 10;
        var most = (int)Math.Max(1, (width - _names.Width + Gap) / (LeastBar + _labels + Gap));
        var rows = (int)Math.Ceiling(plot.Categories.Count / (double)Math.Min(most, plot.Categories.Count));
        _columns = (int)Math.Ceiling(plot.Categories.Count / (double)rows);
    }

    public IReadOnlyList<LegendEntry> Legend => [.. BarLegend.Further(_plot)];

    public float Height => (BandHeight * Bands) + 10;

    private int Bands => (int)Math.Ceiling(_plot.Categories.Count / (double)_columns);

    /// <summary>One row of panels with heading and axis.</summary>
    private float BandHeight => HeadingHeight + (_row * _plot.Series.Count) + 38;

    public void Draw(Sheet sheet, float left, float top)
    {
        var panel = (_width - _names.Width - (Gap * (_columns - 1))) / _columns;
        for (var c = 0; c < _plot.Categories.Count; c++)
        {
            var y = top + (c / _columns * BandHeight) + HeadingHeight;
            var x = left + _names.Width + (c % _columns * (panel + Gap));
            if (c % _columns == 0)
                for (var s = 0; s < _plot.Series.Count; s++) _names.Draw(sheet, s, left, y + (_row * (s + 0.5f)));
            DrawPanel(sheet, c, new SKRect(x, y, x + panel - _labels, y + (_row * _plot.Series.Count)), panel);
        }
        sheet.Text(_plot.ValueName, left + _names.Width, top + (BandHeight * Bands) + 4, Axis with { Anchor = Anchor.Left });
    }

    private void DrawPanel(Sheet sheet, int category, SKRect area, float width)
    {
        var count = _plot.Series.Count;
        using var field = new PlotField(sheet, area, (0, _plot.Maximum), (-0.5, count - 0.5));
        var ticks = Scale.Ticks(0, _plot.Maximum, Math.Max(2, (int)(area.Width / 55)));
        field.Grid(ticks, []);
        for (var s = 0; s < count; s++)
        {
            if (_plot.Series[s].Items[category] is { } bar)
                field.Bar(count - 1 - s, bar.Median, 0.66, _plot.Series[s].Colour, !bar.Valid, horizontal: true);
        }
        if (_plot.Reference is { } reference) field.Reference(reference.Value, horizontal: true);
        BarLegend.Ranges(field, _plot, (_, s) => count - 1 - s, horizontal: true, category);
        field.Render();
        sheet.Line(area.Left, area.Top - 4, area.Left, area.Bottom + 4, Theme.Axis);
        var heading = Heading.Font.Wrap(_plot.Categories[category].Title, Heading.Size, width);
        sheet.Text(heading.Count == 1 ? heading[0] : heading[0] + " …", area.Left, area.Top - 12, Heading);
        foreach (var tick in ticks) sheet.Text(Scale.Label(tick), field.X(tick), area.Bottom + 22, Axis);
        for (var s = 0; s < count; s++)
        {
            if (_plot.Series[s].Items[category] is { } bar)
                sheet.Text(
                    BarLegend.Label(_plot, bar), field.X(Math.Min(bar.Greatest, _plot.Maximum)) + 7, field.Y(count - 1 - s) + 4, Value);
        }
    }
}
