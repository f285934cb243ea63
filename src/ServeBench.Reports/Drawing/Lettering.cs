using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>
/// The font that charts are set in, out of this assembly: the same widths and outlines on every machine, with no font installed.
/// Lengths are in pixels unless said otherwise.
/// </summary>
internal sealed partial class Lettering
{
    /// <summary>Units to the em in which outlines and advances are given.</summary>
    public const int Em = 1000;

    private readonly SKTypeface _face;
    private readonly SKFont _em;
    private readonly ConcurrentDictionary<int, int> _advances = new();

    private Lettering(string resource, string prefix)
    {
        using var stream = typeof(Lettering).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"the font {resource} is not embedded");
        using var data = SKData.Create(stream);
        _face = SKTypeface.FromData(data) ?? throw new InvalidOperationException($"the font {resource} cannot be read");
        _em = At(Em);
        Prefix = prefix;
    }

    public static Lettering Regular { get; } = new("fonts/Inter-Regular.woff", "r");

    public static Lettering SemiBold { get; } = new("fonts/Inter-SemiBold.woff", "b");

    /// <summary>What names of this font's glyphs begin with in a drawing.</summary>
    public string Prefix { get; }

    /// <summary>True when the font has every letter of a text.</summary>
    public bool Has(string text) => text.EnumerateRunes().All(r => _face.GetGlyph(r.Value) != 0);

    /// <summary>How far a letter moves the next, in units of <see cref="Em"/>; a whole em where the font does not have it.</summary>
    public int Advance(Rune letter) => _advances.GetOrAdd(letter.Value, value =>
    {
        var glyph = _face.GetGlyph(value);
        return glyph == 0 ? Em : (int)Math.Round(_em.GetGlyphWidths([glyph])[0]);
    });

    public float Width(string text, float size) => text.EnumerateRunes().Sum(Advance) * size / Em;

    /// <summary>A letter's outline as SVG path data in units of <see cref="Em"/>, y downwards; empty for a space.</summary>
    public string Outline(Rune letter)
    {
        using var path = _em.GetGlyphPath(_face.GetGlyph(letter.Value));
        return path is null
            ? ""
            : Fraction().Replace(
                path.ToSvgPathData(),
                m => Math.Round(double.Parse(m.Value, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));
    }

    public SKFont At(float size) =>
        new(_face, size) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true, Edging = SKFontEdging.Antialias };

    /// <summary>A text in lines that are not wider than a width, broken between words; a single word may be wider.</summary>
    public IReadOnlyList<string> Wrap(string text, float size, float width)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            if (lines.Count > 0 && Width($"{lines[^1]} {word}", size) <= width) lines[^1] += $" {word}";
            else lines.Add(word);
        }
        return lines;
    }

    public float Widest(IEnumerable<string> texts, float size) => texts.Select(t => Width(t, size)).DefaultIfEmpty(0).Max();

    [GeneratedRegex(@"-?\d+(?:\.\d+)?(?:e-?\d+)?")]
    private static partial Regex Fraction();
}
