using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>All series of a plot in common panels: lines, where they are few enough to follow, or points.</summary>
internal sealed class SharedPanels(LinesPlot plot, float width) : IFigure
{
    /// <summary>More lines than this are drawn by <see cref="SmallMultiples"/>.</summary>
    public const int MostLines = 6;

    /// <summary>More sets of points than there are colours are distinguished by numbers.</summary>
    private const int MostColours = 8;

    private const float PanelHead = 28;
    private const float BetweenPanels = 18;
    private const float AxisHeight = 44;

    public static readonly TextStyle NumberStyle = new(9, Theme.Ground, Anchor.Middle, Bold: true);
    private static readonly TextStyle Axis = new(11, Theme.Muted);
    private static readonly TextStyle PointLabel = new(11);
    private static readonly TextStyle Heading = new(12, Bold: true);

    private readonly bool _connected = plot.Panels.Any(p => p.Series.Any(s => s.Connected));
    private readonly bool _numbered = plot.Panels[0].Series.Count > MostColours;

    public IReadOnlyList<LegendEntry> Legend =>
    [
        .. plot.Panels[0].Series.Select(
            (s, i) => new LegendEntry(
                s.Name,
                _connected ? LegendMark.Line : LegendMark.Point,
                s.Colour,
                Shown(s).Symbol,
                _numbered && !_connected ? $"{i + 1}" : "")),
        .. plot.HasInvalid ? [LegendEntry.HollowPoint] : (LegendEntry[])[],
    ];

    public float Height => plot.Beside
        ? ((PanelHead + HeadingHeight + plot.Height + AxisHeight) * Rows) - 4
        : (plot.Panels.Count * (PanelHead + HeadingHeight)) + ((plot.Panels.Count - 1) * BetweenPanels) + plot.Height + AxisHeight;

    private float HeadingHeight => plot.Panels.Any(p => p.Title.Length > 0) ? 20 : 0;

    private int Columns => plot.Beside ? Math.Min(plot.Panels.Count, 2) : 1;

    private int Rows => (int)Math.Ceiling(plot.Panels.Count / (double)Columns);

    public void Draw(Sheet sheet, float left, float top)
    {
        var labels = plot.Panels.Max(p => Axis.Font.Widest(Ticks(p).Select(Scale.Label), Axis.Size)) + 20;
        var column = (width - (24 * (Columns - 1))) / Columns;
        var height = plot.Beside ? plot.Height : plot.Height / plot.Panels.Count;
        for (var i = 0; i < plot.Panels.Count; i++)
        {
            var x = left + (i % Columns * (column + 24));
            var y = top + (i / Columns * (PanelHead + HeadingHeight + height + (plot.Beside ? AxisHeight : BetweenPanels)));
            sheet.Text(plot.Panels[i].Title, x, y + 14, Heading);
            sheet.Text(plot.Panels[i].ValueName, x, y + HeadingHeight + 12, Axis);
            var head = PanelHead + HeadingHeight;
            DrawPanel(
                sheet,
                plot.Panels[i],
                new SKRect(x + labels, y + head, x + column - 12, y + head + height),
                plot.Beside || i == plot.Panels.Count - 1);
        }
    }

    /// <summary>A number is drawn in a circle.</summary>
    private LineSeries Shown(LineSeries series) => _numbered && !_connected ? series with { Symbol = 0 } : series;

    private static double[] Ticks(Panel panel) =>
        panel.Logarithmic ? Scale.LogarithmicTicks(panel.Minimum, panel.Maximum) : Scale.Ticks(0, panel.Maximum, 4);

    private void DrawPanel(Sheet sheet, Panel panel, SKRect area, bool withAxis)
    {
        Func<double, double> y = panel.Logarithmic ? Math.Log10 : v => v;
        using var field = new PlotField(sheet, area, (plot.XMinimum, plot.XMaximum), (y(panel.Minimum), y(panel.Maximum)));
        var xs = Scale.Ticks(plot.XMinimum, plot.XMaximum, plot.XMaximum - plot.XMinimum is 9 ? 9 : Math.Max(3, (int)(area.Width / 90)));
        if (plot.IsCounted) xs = [.. xs.Where(double.IsInteger)];
        var ys = Ticks(panel);
        field.Grid(_connected ? [] : xs, [.. ys.Select(y)]);
        foreach (var series in panel.Series.Where(s => s.Connected))
            foreach (var piece in Pieces(series)) field.Line([.. piece.Select(p => (p.X, y(p.Y!.Value)))], series.Colour, 2, series.Dashed);
        field.Render();
        foreach (var tick in ys) sheet.Text(Scale.Label(tick), area.Left - 14, field.Y(y(tick)) + 4, Axis with { Anchor = Anchor.Right });
        if (withAxis)
        {
            sheet.Line(area.Left - 8, area.Bottom + 8, area.Right + 8, area.Bottom + 8, Theme.Axis);
            foreach (var tick in xs) sheet.Text(Scale.Label(tick), field.X(tick), area.Bottom + 22, Axis with { Anchor = Anchor.Middle });
            var name = Axis.Font.Wrap(plot.XName, Axis.Size, area.Width + 40);
            for (var i = 0; i < name.Count; i++)
                sheet.Text(name[i], area.MidX, area.Bottom + 38 + (i * 13), Axis with { Anchor = Anchor.Middle });
        }
        var points = new PointSet(area, _connected ? 4 : _numbered ? 8 : 6);
        foreach (var series in panel.Series)
            foreach (var point in series.Points.Where(p => p.Y is not null))
                points.Add(Shown(series), point, field.X(point.X), field.Y(y(point.Y!.Value)), aside: !series.Connected);
        points.Draw(sheet, PointLabel, _connected ? null : _numbered ? NumberStyle : PointLabel with { Size = 0 });
    }

    /// <summary>A line is broken where a value is missing.</summary>
    internal static IEnumerable<IReadOnlyList<PlotPoint>> Pieces(LineSeries series)
    {
        var piece = new List<PlotPoint>();
        foreach (var point in series.Points)
        {
            if (point.Y is not null)
            {
                piece.Add(point);
                continue;
            }
            if (piece.Count > 0) yield return piece;
            piece = [];
        }
        if (piece.Count > 0) yield return piece;
    }
}
