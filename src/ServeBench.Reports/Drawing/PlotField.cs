using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.Rendering.RenderActions;
using ScottPlot.TickGenerators;
using ServeBench.Reports.Charts;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>
/// The area of a chart that holds data, drawn by ScottPlot: grid, bars, ranges, lines. Its place on the sheet is given, to the pixel;
/// labels are around it and are set by the figure that owns it.
/// </summary>
internal sealed class PlotField : IDisposable
{
    /// <summary>By how much it is larger than its axes on every side, so that no symbol at an end is cut.</summary>
    private const float Margin = 8;

    private readonly Sheet _sheet;
    private readonly SKRect _area;
    private readonly Plot _plot = new();
    private readonly (double Least, double Greatest) _x;
    private readonly (double Least, double Greatest) _y;

    /// <param name="sheet">Where it is drawn.</param>
    /// <param name="area">From the least to the greatest value of both axes.</param>
    /// <param name="x">Ends of the horizontal axis.</param>
    /// <param name="y">Ends of the vertical axis, the lower first.</param>
    public PlotField(Sheet sheet, SKRect area, (double Least, double Greatest) x, (double Least, double Greatest) y)
    {
        (_sheet, _area, _x, _y) = (sheet, area, x, y);
        _plot.Axes.Frameless(false);
        _plot.Layout.Fixed(new PixelPadding(0));
        _plot.RenderManager.ClearCanvasBeforeEachRender = false;
        // Frames, titles, legends and backgrounds are the figure's; without these actions ScottPlot also needs no font.
        _plot.RenderManager.RenderActions.RemoveAll(
            a => a is not (ReplaceNullAxesWithDefaults or CalculateLayout or RegenerateTicks or RenderGridsBelowPlottables
                or RenderPlottables));
        Grid([], []);
    }

    public float X(double value) => _area.Left + (float)((value - _x.Least) / (_x.Greatest - _x.Least) * _area.Width);

    public float Y(double value) => _area.Bottom - (float)((value - _y.Least) / (_y.Greatest - _y.Least) * _area.Height);

    /// <summary>The places of the grid lines.</summary>
    public void Grid(double[] xs, double[] ys)
    {
        _plot.Axes.Bottom.TickGenerator = new NumericManual(xs, [.. xs.Select(_ => "")]);
        _plot.Axes.Left.TickGenerator = new NumericManual(ys, [.. ys.Select(_ => "")]);
        _plot.Grid.MajorLineColor = Ink(Theme.Grid);
    }

    /// <summary>A bar from zero; hollow with a dashed edge where it does not count. What exceeds the axis runs out of the field.</summary>
    public void Bar(double position, double value, double thickness, string colour, bool hollow, bool horizontal)
    {
        var bar = new Bar
        {
            Position = position,
            Value = Math.Min(value, horizontal ? _x.Greatest : _y.Greatest),
            Size = thickness,
            Orientation = horizontal ? Orientation.Horizontal : Orientation.Vertical,
            FillColor = Ink(hollow ? Theme.Ground : colour),
            LineWidth = hollow ? 1.5f : 0,
            LineColor = Ink(colour),
        };
        if (hollow) Dash(bar.LineStyle);
        _plot.Add.Bar(bar);
    }

    /// <summary>A line from the least to the greatest value with a cap at each end.</summary>
    public void Range(double position, double least, double greatest, float cap, bool horizontal)
    {
        double[] none = [0];
        var middle = (least + greatest) / 2;
        double[] half = [(greatest - least) / 2];
        _plot.Add.Plottable(horizontal
            ? new ErrorBar([middle], [position], half, half, none, none) { CapSize = cap, Color = Ink(Theme.Text), LineWidth = 1.3f }
            : new ErrorBar([position], [middle], none, none, half, half) { CapSize = cap, Color = Ink(Theme.Text), LineWidth = 1.3f });
    }

    /// <summary>Small points, one per trial.</summary>
    public void Dots(IReadOnlyList<(double X, double Y)> dots)
    {
        var points = _plot.Add.ScatterPoints(dots.Select(d => new Coordinates(d.X, d.Y)).ToArray());
        points.MarkerStyle =
            new MarkerStyle(MarkerShape.FilledCircle, 4, Ink(Theme.Ground)) { OutlineColor = Ink(Theme.Text), OutlineWidth = 1 };
    }

    /// <summary>A line through points.</summary>
    public void Line(IReadOnlyList<(double X, double Y)> points, string colour, float width, bool dashed)
    {
        if (points.Count < 2) return;
        var line = _plot.Add.ScatterLine(points.Select(d => new Coordinates(d.X, d.Y)).ToArray(), Ink(colour));
        line.LineWidth = width;
        if (dashed) Dash(line.LineStyle);
    }

    /// <summary>A dashed line across the field at one value.</summary>
    public void Reference(double value, bool horizontal)
    {
        var (from, to) = horizontal
            ? (new Coordinates(value, _y.Least), new Coordinates(value, _y.Greatest))
            : (new Coordinates(_x.Least, value), new Coordinates(_x.Greatest, value));
        var line = _plot.Add.Line(from, to);
        (line.LineColor, line.LineWidth) = (Ink(Theme.Muted), 1.2f);
        Dash(line.LineStyle);
    }

    public void Render()
    {
        var (dx, dy) = (Margin / _area.Width * (_x.Greatest - _x.Least), Margin / _area.Height * (_y.Greatest - _y.Least));
        _plot.Axes.SetLimits(_x.Least - dx, _x.Greatest + dx, _y.Least - dy, _y.Greatest + dy);
        var place = new PixelRect(_area.Left - Margin, _area.Right + Margin, _area.Bottom + Margin, _area.Top - Margin);
        // ScottPlot renders again when a layout is new to it, which in a vector drawing would draw everything twice: once without a canvas.
        using (var nothing = new SKNoDrawCanvas((int)place.Right, (int)place.Bottom)) _plot.Render(nothing, place);
        _plot.Render(_sheet.Canvas, place);
    }

    public void Dispose() => _plot.Dispose();

    private void Dash(LineStyle line)
    {
        line.StrokeMiter = Sheet.DashMark;
        if (!_sheet.Vector) line.Pattern = new LinePattern(Sheet.Dash, 0, "dash");
    }

    private Color Ink(string colour) => Color.FromSKColor(_sheet.Shade(colour));
}
