using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>
/// Many lines: a small panel for each, under its name, with all the others in grey behind it and the same axes throughout. Twenty lines
/// in one panel could be neither followed nor distinguished.
/// </summary>
internal sealed class SmallMultiples : IFigure
{
    private const int Columns = 4;
    private const float Gap = 20;
    private const float FieldHeight = 64;
    private const float LineHeight = 13;
    private const float PanelHead = 26;
    private const float PanelFoot = 34;
    private const float BetweenRows = 22;

    private static readonly TextStyle NameStyle = new(11);
    private static readonly TextStyle Axis = new(10, Theme.Muted);
    private static readonly TextStyle Heading = new(12, Bold: true);

    private readonly LinesPlot _plot;
    private readonly float _labels;
    private readonly float _cell;
    private readonly float _names;
    private readonly IReadOnlyList<string>[] _wrapped;

    public SmallMultiples(LinesPlot plot, float width)
    {
        _plot = plot;
        _labels = plot.Panels.Max(p => Axis.Font.Widest(Ticks(p).Select(Scale.Label), Axis.Size)) + 14;
        _cell = (width - _labels - (Gap * (Columns - 1))) / Columns;
        _wrapped = [.. plot.Panels[0].Series.Select(s => NameStyle.Font.Wrap(s.Name, NameStyle.Size, _cell))];
        _names = (_wrapped.Max(w => w.Count) * LineHeight) + 10;
    }

    public IReadOnlyList<LegendEntry> Legend => _plot.HasInvalid ? [LegendEntry.HollowPoint] : [];

    public float Height => _plot.Panels.Count * PanelHeight;

    private int Count => _wrapped.Length;

    private int Rows => (int)Math.Ceiling(Count / (double)Columns);

    private float RowHeight => _names + FieldHeight + BetweenRows;

    private float PanelHeight => PanelHead + (Rows * RowHeight) + PanelFoot;

    public void Draw(Sheet sheet, float left, float top)
    {
        for (var p = 0; p < _plot.Panels.Count; p++)
        {
            var panel = _plot.Panels[p];
            var y = top + (p * PanelHeight);
            sheet.Text(panel.Title.Length > 0 ? $"{panel.Title}: {panel.ValueName}" : panel.ValueName, left, y + 14, Heading);
            for (var s = 0; s < Count; s++)
            {
                var x = left + _labels + (s % Columns * (_cell + Gap));
                var cellTop = y + PanelHead + (s / Columns * RowHeight);
                for (var i = 0; i < _wrapped[s].Count; i++)
                    sheet.Text(_wrapped[s][i], x, cellTop + _names - 12 - ((_wrapped[s].Count - 1 - i) * LineHeight), NameStyle);
                DrawCell(sheet, panel, s, new SKRect(x, cellTop + _names, x + _cell, cellTop + _names + FieldHeight));
            }
            sheet.Text(_plot.XName, left + _labels, y + PanelHead + (Rows * RowHeight) + 16, Axis with { Size = 11 });
        }
    }

    private static double[] Ticks(Panel panel) =>
        panel.Logarithmic
            ? [.. Scale.LogarithmicTicks(panel.Minimum, panel.Maximum).Where(t => Math.Log10(t) % 1 == 0)]
            : Scale.Ticks(0, panel.Maximum, 2);

    private void DrawCell(Sheet sheet, Panel panel, int index, SKRect area)
    {
        Func<double, double> y = panel.Logarithmic ? Math.Log10 : v => v;
        using var field = new PlotField(sheet, area, (_plot.XMinimum, _plot.XMaximum), (y(panel.Minimum), y(panel.Maximum)));
        var ticks = Ticks(panel);
        field.Grid([], [.. ticks.Select(y)]);
        foreach (var other in panel.Series.Where((_, i) => i != index)) Line(other, Theme.Grid, 1, dashed: false);
        var own = panel.Series[index];
        Line(own, own.Colour, 2, own.Dashed);
        field.Render();
        foreach (var point in own.Points.Where(p => p.Y is not null))
            sheet.Symbol(field.X(point.X), field.Y(y(point.Y!.Value)), point.Valid ? 2.5f : 3, 0, own.Colour, !point.Valid);
        if (index % Columns == 0)
            foreach (var tick in ticks)
                sheet.Text(Scale.Label(tick), area.Left - 12, field.Y(y(tick)) + 4, Axis with { Anchor = Anchor.Right });
        sheet.Line(area.Left, area.Bottom + 8, area.Right, area.Bottom + 8, Theme.Axis);
        // The lowest cell of every column names the ends of the axis that all share.
        if (index + Columns < Count) return;
        sheet.Text(Scale.Label(_plot.XMinimum), area.Left, area.Bottom + 20, Axis);
        sheet.Text(NumberText.Significant(_plot.XMaximum), area.Right, area.Bottom + 20, Axis with { Anchor = Anchor.Right });

        void Line(LineSeries series, string colour, float width, bool dashed)
        {
            foreach (var piece in SharedPanels.Pieces(series))
                field.Line([.. piece.Select(p => (p.X, y(p.Y!.Value)))], colour, width, dashed);
        }
    }
}
