using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>Rows of parts that add up to a whole: names at the left, the whole at the right.</summary>
internal sealed class StackedRows : IFigure
{
    private const float WidestName = 260;
    private const float BarHeight = 18;

    private static readonly TextStyle Value = new(11, OnGround: true);
    private static readonly TextStyle Axis = new(11, Theme.Muted, Anchor.Middle);

    private readonly StackedPlot _plot;
    private readonly float _width;
    private readonly RowNames _names;
    private readonly float _labels;
    private readonly float _row;

    public StackedRows(StackedPlot plot, float width)
    {
        (_plot, _width) = (plot, width);
        _names = new RowNames(plot.Rows.Select(r => r.Name), WidestName);
        _labels = Value.Font.Widest(plot.Rows.Select(r => r.Label), Value.Size) + 14;
        _row = Math.Max(BarHeight, _names.Height) + 10;
    }

    public IReadOnlyList<LegendEntry> Legend =>
        [.. _plot.Parts.Select(p => new LegendEntry(p.Name, LegendMark.Bar, p.Colour)), .. _plot.Rows.Any(r => r.Mark is not null)
            ? [new LegendEntry(_plot.MarkName, LegendMark.DashedLine, Theme.Text)]
            : (LegendEntry[])[]];

    public float Height => (_row * _plot.Rows.Count) + 46;

    public void Draw(Sheet sheet, float left, float top)
    {
        var area = new SKRect(left + _names.Width, top, left + _width - _labels, top + (_row * _plot.Rows.Count));
        float X(double value) => area.Left + (float)(value / _plot.Maximum * area.Width);
        foreach (var tick in Scale.Ticks(0, _plot.Maximum, Math.Max(2, (int)(area.Width / 80))))
        {
            sheet.Line(X(tick), area.Top, X(tick), area.Bottom, Theme.Grid);
            sheet.Text(Scale.Label(tick), X(tick), area.Bottom + 18, Axis);
        }
        for (var r = 0; r < _plot.Rows.Count; r++)
        {
            var row = _plot.Rows[r];
            var middle = area.Top + (_row * (r + 0.5f));
            _names.Draw(sheet, r, left, middle);
            var at = 0.0;
            for (var p = 0; p < _plot.Parts.Count; p++)
            {
                if (row.Values[p] <= 0) continue;
                sheet.Box(
                    new SKRect(X(at), middle - (BarHeight / 2), X(at + row.Values[p]), middle + (BarHeight / 2)), _plot.Parts[p].Colour);
                at += row.Values[p];
            }
            if (row.Mark is { } mark)
                sheet.Line(X(mark), middle - (BarHeight / 2) - 4, X(mark), middle + (BarHeight / 2) + 4, Theme.Text, 1.6f, dashed: true);
            sheet.Text(row.Label, X(Math.Max(at, row.Mark ?? 0)) + 8, middle + 4, Value);
        }
        sheet.Line(area.Left, area.Top - 2, area.Left, area.Bottom + 2, Theme.Axis);
        sheet.Text(_plot.ValueName, area.MidX, area.Bottom + 38, Axis with { Size = 12 });
    }
}
