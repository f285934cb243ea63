using System.Text;
using System.Text.RegularExpressions;
using ServeBench.Reports.Charts;

namespace ServeBench.Reports.Rendering;

/// <summary>
/// Makes a drawn chart a file of its own: readable on light and on dark pages, by exchanging each colour of the light theme
/// where the reader prefers dark; named for readers who cannot see it; without what a file has no use for (styles for a
/// pointer, data for scripts, numbers that depend on which other charts were drawn before).
/// </summary>
internal static partial class SvgFile
{
    public static string Of(Chart chart, string svg)
    {
        var head = RootElement().Match(svg);
        if (!head.Success) throw new InvalidOperationException($"the drawing of {chart.Name} is not SVG");
        var body = Cleaned(svg[head.Length..]);
        var text = new StringBuilder();
        text.Append(head.Value.TrimEnd('>')).Append(" role=\"img\" font-family=\"").Append(Theme.Font).Append("\">\n");
        text.Append("<title>").Append(Escape(chart.Title)).Append("</title>\n<desc>").Append(Escape(chart.Description)).Append("</desc>\n");
        text.Append("<style>").Append(DarkStyle(body)).Append("</style>\n");
        text.Append(body.Trim('\n')).Append('\n');
        return text.ToString();
    }

    private static string Cleaned(string body)
    {
        body = PointerStyles().Replace(body, "");
        body = ForScripts().Replace(body, "");
        body = DrawingNumber().Replace(body, "$1");
        return body.Replace($"font-family:{Theme.Font};", "", StringComparison.Ordinal).Replace(" style=\"\"", "", StringComparison.Ordinal);
    }

    private static string DarkStyle(string body)
    {
        var rules = new StringBuilder("@media (prefers-color-scheme:dark){");
        foreach (var (light, dark) in Theme.Dark)
        {
            foreach (var attribute in (string[])["fill", "stroke"])
            {
                if (body.Contains($"{attribute}=\"{light}\"", StringComparison.Ordinal)) rules.Append($"[{attribute}=\"{light}\"]{{{attribute}:{dark}}}");
            }
        }
        return rules.Append('}').ToString();
    }

    private static string Escape(string text) => new HtmlFormat().Escape(text);

    [GeneratedRegex("^<svg [^>]*>")]
    private static partial Regex RootElement();

    [GeneratedRegex("<style >.*?</style>\n?", RegexOptions.Singleline)]
    private static partial Regex PointerStyles();

    [GeneratedRegex(" (?:class|ecmeta_[a-z_]+|pointer-events)=\"[^\"]*\"")]
    private static partial Regex ForScripts();

    [GeneratedRegex("((?:id=\"|#)zr)[0-9]+")]
    private static partial Regex DrawingNumber();
}
