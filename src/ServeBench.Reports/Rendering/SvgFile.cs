using System.Text;
using System.Text.RegularExpressions;
using ServeBench.Reports.Charts;

namespace ServeBench.Reports.Rendering;

/// <summary>
/// Makes a drawn chart a file of its own: readable on light and on dark pages, by exchanging each colour of the light theme
/// where the reader prefers dark, and named for readers who cannot see it.
/// </summary>
internal static partial class SvgFile
{
    public static string Of(Chart chart, string svg)
    {
        var head = RootElement().Match(svg);
        if (!head.Success) throw new InvalidOperationException($"the drawing of {chart.Name} is not SVG");
        var text = new StringBuilder();
        text.Append(head.Value.TrimEnd('>')).Append(" role=\"img\">\n");
        text.Append("<title>").Append(Escape(chart.Title)).Append("</title>\n<desc>").Append(Escape(chart.Description)).Append("</desc>\n");
        text.Append("<style>").Append(DarkStyle(svg)).Append("</style>\n");
        text.Append(svg, head.Length, svg.Length - head.Length).Append('\n');
        return text.ToString();
    }

    private static string DarkStyle(string svg)
    {
        var rules = new StringBuilder("@media (prefers-color-scheme:dark){");
        foreach (var (light, dark) in Theme.Dark)
        {
            foreach (var attribute in (string[])["fill", "stroke"])
            {
                if (svg.Contains($"{attribute}=\"{light}\"", StringComparison.Ordinal)) rules.Append($"[{attribute}=\"{light}\"]{{{attribute}:{dark}}}");
            }
        }
        return rules.Append('}').ToString();
    }

    private static string Escape(string text) => new HtmlFormat().Escape(text);

    [GeneratedRegex("^<svg [^>]*>")]
    private static partial Regex RootElement();
}
