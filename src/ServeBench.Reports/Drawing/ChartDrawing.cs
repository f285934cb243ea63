using System.Text;
using ServeBench.Reports.Charts;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>
/// Draws charts in this process: no other program, no font and no network is needed, and the same chart gives the same bytes.
/// </summary>
public static class ChartDrawing
{
    /// <summary>An SVG document that follows the reader's choice of a light or a dark page.</summary>
    public static string Svg(Chart chart)
    {
        var page = new Page(chart);
        using var stream = new MemoryStream();
        Sheet sheet;
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, Page.Width, page.Height), stream))
        {
            sheet = new Sheet(canvas, vector: true, colour => colour);
            page.Draw(sheet);
        }
        return SvgWriter.Write(chart, Page.Width, page.Height, Encoding.UTF8.GetString(stream.ToArray()), sheet.Texts);
    }

    /// <summary>A PNG picture.</summary>
    /// <param name="chart">What is drawn.</param>
    /// <param name="dark">In the colours of the dark theme.</param>
    /// <param name="scale">Pixels of the picture to one of the drawing.</param>
    public static byte[] Png(Chart chart, bool dark = false, float scale = 2)
    {
        var page = new Page(chart);
        using var bitmap = new SKBitmap((int)(Page.Width * scale), (int)(page.Height * scale));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Scale(scale);
            var sheet = new Sheet(canvas, vector: false, colour => dark ? Theme.Dark[colour] : colour);
            page.Draw(sheet);
            foreach (var text in sheet.Texts) Set(sheet, text);
        }
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static void Set(Sheet sheet, SetText text)
    {
        using var paint = new SKPaint { Color = sheet.Shade(text.Style.Colour), IsAntialias = true };
        using var font = text.Style.Font.At(text.Style.Size);
        sheet.Canvas.DrawText(text.Text, text.X, text.Y, SKTextAlign.Left, font, paint);
    }
}
