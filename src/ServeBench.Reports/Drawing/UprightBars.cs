using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>
/// A few series of bars side by side in categories, named in the legend. Where not every label has room,
/// <see cref="BarPanels"/> draws them.
/// </summary>
internal sealed class UprightBars : IFigure
{
    private const int MostSeries = 4;
    private const float FieldHeight = 220;
    private const float ShareOfCategory = 0.72f;
    private const float WidestSlot = 72;

    /// <summary>The part of its slot that a bar takes.</summary>
    private const float BarShare = 0.84f;

    private static readonly TextStyle Value = new(11, Anchor: Anchor.Middle, OnGround: true);
    private static readonly TextStyle CategoryStyle = new(12, Anchor: Anchor.Middle);
    private static readonly TextStyle Name = new(11, Theme.Muted);

    private readonly BarsPlot _plot;
    private readonly float _width;
    private readonly float _left;
    private readonly double[] _ticks;

    public UprightBars(BarsPlot plot, float width)
    {
        (_plot, _width) = (plot, width);
        _ticks = Scale.Ticks(0, plot.Maximum, 5);
        _left = Left(_ticks);
    }

    public IReadOnlyList<LegendEntry> Legend =>
        [.. _plot.Series.Select(s => new LegendEntry(s.Name, LegendMark.Bar, s.Colour)), .. BarLegend.Further(_plot)];

    public float Height => FieldTop + FieldHeight + 24 + (_plot.CategoryName.Length > 0 ? 20 : 0);

    /// <summary>Below the name of the values, and the labels of bars that reach the axis' end.</summary>
    private static float FieldTop => 40;

    /// <summary>True when bars, their labels and the names of categories all have room.</summary>
    public static bool Fit(BarsPlot plot, float width)
    {
        if (plot.Series.Count > MostSeries) return false;
        var category = (width - Left(Scale.Ticks(0, plot.Maximum, 5))) / plot.Categories.Count;
        return Value.Font.Widest(BarLegend.Labels(plot), Value.Size) + 4 <= Slot(plot, category)
            && CategoryStyle.Font.Widest(plot.Categories.Select(c => c.Label), CategoryStyle.Size) + 10 <= category;
    }

    public void Draw(Sheet sheet, float left, float top)
    {
        var area = new SKRect(left + _left, top + FieldTop, left + _width, top + FieldTop + FieldHeight);
        var categories = _plot.Categories.Count;
        using var field = new PlotField(sheet, area, (0, categories), (0, _plot.Maximum));
        field.Grid([], _ticks);
        var category = area.Width / categories;
        var slot = Slot(_plot, category) / category;
        for (var s = 0; s < _plot.Series.Count; s++)
        {
            var series = _plot.Series[s];
            for (var c = 0; c < categories; c++)
            {
                if (series.Items[c] is { } bar)
                    field.Bar(Position(c, s), bar.Median, slot * BarShare, series.Colour, !bar.Valid, horizontal: false);
            }
        }
        if (_plot.Reference is { } reference) field.Reference(reference.Value, horizontal: false);
        BarLegend.Ranges(field, _plot, (c, s) => Position(c, s), horizontal: false);
        field.Render();
        for (var s = 0; s < _plot.Series.Count; s++)
        {
            for (var c = 0; c < categories; c++)
            {
                if (_plot.Series[s].Items[c] is { } bar)
                    sheet.Text(
                        BarLegend.Label(_plot, bar), field.X(Position(c, s)), field.Y(Math.Min(bar.Greatest, _plot.Maximum)) - 6, Value);
            }
        }
        Axes(sheet, field, area, left, top);

        double Position(int c, int s) => c + 0.5 + ((s - ((_plot.Series.Count - 1) / 2.0)) * slot);
    }

    private void Axes(Sheet sheet, PlotField field, SKRect area, float left, float top)
    {
        sheet.Line(area.Left - 8, area.Bottom, area.Right + 8, area.Bottom, Theme.Axis);
        foreach (var tick in _ticks) sheet.Text(Scale.Label(tick), area.Left - 14, field.Y(tick) + 4, Name with { Anchor = Anchor.Right });
        sheet.Text(_plot.ValueName, left, top + 12, Name);
        for (var c = 0; c < _plot.Categories.Count; c++)
            sheet.Text(_plot.Categories[c].Label, field.X(c + 0.5), area.Bottom + 20, CategoryStyle);
        sheet.Text(_plot.CategoryName, area.MidX, area.Bottom + 40, Name with { Anchor = Anchor.Middle, Size = 12 });
    }

    private static float Left(double[] ticks) => Name.Font.Widest(ticks.Select(Scale.Label), Name.Size) + 16;

    private static float Slot(BarsPlot plot, float category) => Math.Min(WidestSlot, category * ShareOfCategory / plot.Series.Count);
}
