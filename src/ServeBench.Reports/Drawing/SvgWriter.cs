using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Rendering;

namespace ServeBench.Reports.Drawing;

/// <summary>
/// Makes a file of its own out of what Skia wrote: the same bytes everywhere, readable on light and on dark pages by exchanging each
/// colour of the light theme where the reader prefers dark, with letters as outlines so that no font is needed, and named for readers
/// who cannot see it.
/// </summary>
internal static partial class SvgWriter
{
    public static string Write(Chart chart, int width, int height, string skia, IReadOnlyList<SetText> texts)
    {
        var body = Body(skia);
        var (letters, set) = Letters(texts);
        body += set;
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" "
                + $"role=\"img\">\n");
        svg.Append("<title>").Append(Escape(chart.Title)).Append("</title>\n<desc>").Append(Escape(chart.Description)).Append("</desc>\n");
        svg.Append("<style>").Append(DarkStyle(body)).Append("</style>\n");
        svg.Append("<defs>\n").Append(letters).Append("</defs>\n").Append(body).Append("</svg>\n");
        return svg.ToString();
    }

    /// <summary>Skia's elements without its header, one in a line, with colours as the theme writes them and short numbers.</summary>
    private static string Body(string skia)
    {
        var body =
            skia[(skia.IndexOf('>', skia.IndexOf("<svg", StringComparison.Ordinal))
                + 1)..skia.LastIndexOf("</svg>", StringComparison.Ordinal)];
        body = Colour().Replace(body, m => $"{m.Groups[1].Value}=\"{Canonical(m.Groups[2].Value)}\"");
        body = body.Replace(
            $" stroke-miterlimit=\"{Sheet.DashMark}\"",
            $" stroke-dasharray=\"{Sheet.Dash[0]} {Sheet.Dash[1]}\"",
            StringComparison.Ordinal);
        body = Mitre().Replace(body, "");
        body = Clip().Replace(body, "");
        body = Nothing().Replace(body, "");
        body = Number().Replace(
            body, m => Math.Round(double.Parse(m.Value, CultureInfo.InvariantCulture), 1).ToString(CultureInfo.InvariantCulture));
        return Indent().Replace(body, "\n").TrimStart('\n');
    }

    private static (string Definitions, string Set) Letters(IReadOnlyList<SetText> texts)
    {
        var defined = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var set = new StringBuilder();
        foreach (var (text, x, y, style) in texts)
        {
            if (!style.Font.Has(text))
            {
                // Letters of other scripts are left to the reader's fonts.
                set.Append(
                    CultureInfo.InvariantCulture,
                    $"<text x=\"{Short(x)}\" y=\"{Short(y)}\" font-size=\"{style.Size}\" font-weight=\"{(style.Bold ? 600 : 400)}\" "
                        + $"font-family=\"{Theme.Font}\" fill=\"{style.Colour}\">{Escape(text)}</text>\n");
                continue;
            }
            set.Append(
                CultureInfo.InvariantCulture,
                $"<g fill=\"{style.Colour}\" transform=\"translate({Short(x)} {Short(y)}) "
                    + $"scale({style.Size / Lettering.Em:0.####})\" aria-label=\"{Escape(text)}\">");
            var at = 0;
            foreach (var letter in text.EnumerateRunes())
            {
                var name = $"{style.Font.Prefix}{letter.Value}";
                if (!defined.ContainsKey(name)) defined[name] = style.Font.Outline(letter);
                if (defined[name].Length > 0) set.Append(CultureInfo.InvariantCulture, $"<use href=\"#{name}\" x=\"{at}\"/>");
                at += style.Font.Advance(letter);
            }
            set.Append("</g>\n");
        }
        return (
            string.Concat(defined.Where(d => d.Value.Length > 0).Select(d => $"<path id=\"{d.Key}\" d=\"{d.Value}\"/>\n")),
            set.ToString());
    }

    private static string DarkStyle(string body)
    {
        var rules = new StringBuilder("@media (prefers-color-scheme:dark){");
        foreach (var (light, dark) in Theme.Dark)
        {
            foreach (var attribute in (string[])["fill", "stroke"])
            {
                if (body.Contains($"{attribute}=\"{light}\"", StringComparison.Ordinal))
                    rules.Append($"[{attribute}=\"{light}\"]{{{attribute}:{dark}}}");
            }
        }
        return rules.Append('}').ToString();
    }

    /// <summary>Skia shortens colours; the theme does not.</summary>
    private static string Canonical(string colour) => colour switch
    {
        "white" => "#ffffff",
        "black" => "#000000",
        ['#', var r, var g, var b] => $"#{r}{r}{g}{g}{b}{b}".ToLowerInvariant(),
        _ => colour.ToLowerInvariant(),
    };

    private static string Short(double number) => Math.Round(number, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Escape(string text) => new HtmlFormat().Escape(text);

    [GeneratedRegex("(fill|stroke)=\"(white|black|#[0-9A-Fa-f]+)\"")]
    private static partial Regex Colour();

    [GeneratedRegex(" stroke-miterlimit=\"[^\"]*\"")]
    private static partial Regex Mitre();

    /// <summary>
    /// Everything that is drawn lies within its field (a figure does not draw what exceeds an axis), so no clip is needed.
    /// </summary>
    [GeneratedRegex("\t*<clipPath .*?</clipPath>\n|\t*<g clip-path=[^>]*>\n|\t*</g>\n", RegexOptions.Singleline)]
    private static partial Regex Clip();

    [GeneratedRegex("\t*<path [^>]*d=\"\"/>\n")]
    private static partial Regex Nothing();

    [GeneratedRegex(@"(?<![#\w.])-?\d+\.\d+(?:e-?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex("\n\t+")]
    private static partial Regex Indent();
}
