using ServeBench.Reports.Charts;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>
/// What one chart is drawn on, whether it becomes SVG or PNG. Shapes go to Skia at once; text is set last, by whoever makes the file,
/// because Skia's SVG has text in the fonts of the machine that drew it.
/// </summary>
/// <param name="canvas">Where shapes go; pixels, from the upper left corner.</param>
/// <param name="vector">True for SVG, to which Skia writes no dashes: they are marked instead, and written by
/// <see cref="SvgWriter"/>.</param>
/// <param name="shade">The colour to use for one of the light theme.</param>
internal sealed class Sheet(SKCanvas canvas, bool vector, Func<string, string> shade)
{
    /// <summary>The mitre limit that marks a dashed edge in SVG; it changes nothing about right angles and straight lines.</summary>
    public const float DashMark = 9;

    /// <summary>Lengths of a dash and of the gap after it.</summary>
    public static readonly float[] Dash = [4, 3];

    private readonly List<SetText> _texts = [];

    public SKCanvas Canvas => canvas;

    public bool Vector => vector;

    public IReadOnlyList<SetText> Texts => _texts;

    public SKColor Shade(string colour) => SKColor.Parse(shade(colour));

    /// <summary>Sets a text at a point of its baseline.</summary>
    /// <param name="text">One line.</param>
    /// <param name="x">Where it begins, has its middle or ends.</param>
    /// <param name="y">Its baseline.</param>
    /// <param name="style">How it looks.</param>
    public void Text(string text, float x, float y, TextStyle style)
    {
        if (text.Length == 0) return;
        var width = style.Font.Width(text, style.Size);
        var left = x - (width * style.Anchor switch { Anchor.Left => 0, Anchor.Middle => 0.5f, _ => 1 });
        if (style.OnGround) Box(new SKRect(left - 2, y - style.Size + 1, left + width + 2, y + 2), Theme.Ground);
        _texts.Add(new SetText(text, left, y, style));
    }

    public void Box(SKRect box, string fill, string? edge = null, bool dashed = false)
    {
        using var paint = new SKPaint { Color = Shade(fill), IsAntialias = true };
        canvas.DrawRect(box, paint);
        if (edge is null) return;
        using var pen = Pen(edge, 1.5f, dashed);
        canvas.DrawRect(box, pen);
    }

    public void Line(float x1, float y1, float x2, float y2, string colour, float width = 1, bool dashed = false)
    {
        using var pen = Pen(colour, width, dashed);
        canvas.DrawLine(x1, y1, x2, y2, pen);
    }

    /// <summary>A point's symbol: 0 circle, 1 square, 2 triangle, 3 diamond.</summary>
    public void Symbol(float x, float y, float radius, int symbol, string colour, bool hollow = false)
    {
        using var paint = new SKPaint { Color = Shade(hollow ? Theme.Ground : colour), IsAntialias = true };
        using var pen = Pen(hollow ? colour : Theme.Ground, hollow ? 1.8f : 1, dashed: false);
        if (symbol == 0)
        {
            canvas.DrawCircle(x, y, radius, paint);
            canvas.DrawCircle(x, y, radius, pen);
            return;
        }
        using var builder = new SKPath();
        (float X, float Y)[] corners = symbol switch
        {
            1 => [(-0.9f, -0.9f), (0.9f, -0.9f), (0.9f, 0.9f), (-0.9f, 0.9f)],
            2 => [(0, -1.2f), (1.15f, 0.9f), (-1.15f, 0.9f)],
            _ => [(0, -1.3f), (1.3f, 0), (0, 1.3f), (-1.3f, 0)],
        };
        builder.AddPoly([.. corners.Select(c => new SKPoint(x + (c.X * radius), y + (c.Y * radius)))]);
        canvas.DrawPath(builder, paint);
        canvas.DrawPath(builder, pen);
    }

    private SKPaint Pen(string colour, float width, bool dashed) => new()
    {
        Color = Shade(colour),
        IsStroke = true,
        StrokeWidth = width,
        IsAntialias = true,
        StrokeMiter = dashed ? DashMark : 4,
        PathEffect = dashed && !vector ? SKPathEffect.CreateDash(Dash, 0) : null,
    };
}

internal enum Anchor
{
    Left,
    Middle,
    Right,
}

/// <param name="Size">Of the letters, in pixels.</param>
/// <param name="Colour">Of the light theme.</param>
/// <param name="Anchor">Which part of it is at the given point.</param>
/// <param name="Bold">Semi-bold.</param>
/// <param name="OnGround">True clears the ground behind it.</param>
internal sealed record TextStyle(
    float Size = 12, string Colour = Theme.Text, Anchor Anchor = Anchor.Left, bool Bold = false, bool OnGround = false)
{
    public Lettering Font => Bold ? Lettering.SemiBold : Lettering.Regular;
}

/// <summary>A text in its place: the left end of its baseline.</summary>
internal sealed record SetText(string Text, float X, float Y, TextStyle Style);
