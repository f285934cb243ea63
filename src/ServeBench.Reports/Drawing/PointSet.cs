using ServeBench.Reports.Charts.Plots;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>The points of a panel, and labels beside them only where there is room.</summary>
/// <param name="area">Where points may be.</param>
/// <param name="radius">Of a point.</param>
internal sealed class PointSet(SKRect area, float radius)
{
    private readonly List<(LineSeries Series, PlotPoint Point, float X, float Y)> _points = [];

    /// <param name="series">Which it belongs to.</param>
    /// <param name="point">The point.</param>
    /// <param name="x">Its place.</param>
    /// <param name="y">Its place.</param>
    /// <param name="aside">True moves it sideways, as far as it must, from points that it would hide.</param>
    public void Add(LineSeries series, PlotPoint point, float x, float y, bool aside)
    {
        float[] shifts = aside ? [.. Enumerable.Range(0, 25).Select(i => (i % 2 == 0 ? 1 : -1) * ((i + 1) / 2) * (radius + 0.5f))] : [0];
        var shift = shifts.FirstOrDefault(
            s => x + s >= area.Left - 6 && x + s <= area.Right + 6 && _points.All(p => Distance(p.X - x - s, p.Y - y) >= (2 * radius) + 1));
        _points.Add((series, point, x + shift, y));
    }

    /// <param name="sheet">Where they are drawn.</param>
    /// <param name="beside">How labels beside points look.</param>
    /// <param name="within">How labels within points look; null for labels beside them, of no size for none.</param>
    public void Draw(Sheet sheet, TextStyle beside, TextStyle? within)
    {
        foreach (var (series, point, x, y) in _points)
        {
            sheet.Symbol(x, y, radius, series.Symbol, series.Colour, !point.Valid);
            if (within is { Size: > 0 }) sheet.Text(point.Label, x, y + 3.2f, within);
        }
        if (within is not null) return;
        var taken = _points.Select(p => new SKRect(p.X - radius, p.Y - radius, p.X + radius, p.Y + radius)).ToList();
        foreach (var (_, point, x, y) in _points.Where(p => p.Point.Label.Length > 0))
        {
            var width = beside.Font.Width(point.Label, beside.Size);
            var half = beside.Size / 2;
            (float X, float Y)[] places = [
                (x + radius + 4, y),
                (x - radius - 4 - width, y),
                (x - (width / 2), y - radius - half - 3),
                (x - (width / 2), y + radius + half + 3)];
            foreach (var (left, middle) in places)
            {
                var box = new SKRect(left - 1, middle - half, left + width + 1, middle + half);
                if (box.Left < area.Left || box.Right > area.Right + 12 || taken.Any(t => t.IntersectsWith(box))) continue;
                taken.Add(box);
                sheet.Text(point.Label, left, middle + (beside.Size * 0.36f), beside);
                break;
            }
        }
    }

    private static float Distance(float dx, float dy) => MathF.Sqrt((dx * dx) + (dy * dy));
}
