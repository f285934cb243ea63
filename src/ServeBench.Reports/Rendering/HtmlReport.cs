using System.Text;
using System.Text.Json.Nodes;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Rendering;

/// <summary>report.html: one file with everything in it, which asks nothing of any network.</summary>
internal sealed class HtmlReport
{
    private readonly TemplateSet _templates = new(new HtmlFormat());
    private Dictionary<string, string> _stills = [];

    public HtmlReport() =>
        _templates.AddHelper("still", name => "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(_stills[name])));

    /// <param name="document">What it says.</param>
    /// <param name="charts">The charts, and their drawings for readers without scripts.</param>
    /// <param name="library">The chart library.</param>
    public string Write(ReportDocument document, IReadOnlyList<(Chart Chart, string Svg)> charts, string library)
    {
        _stills = charts.ToDictionary(c => c.Chart.Name, c => c.Svg);
        return _templates.Render(new
        {
            document.Title,
            document.Subtitle,
            document.Blocks,
            Sections = document.Blocks.OfType<Heading>().Where(h => h.Level == 2).ToArray(),
            Style = Resources.Text("html/report.css"),
            ChartData = ChartData([.. charts.Select(c => c.Chart)]),
            Library = InScript(library),
            ChartKit = InScript(Resources.Text("chart-kit.js")),
            PageScript = InScript(Resources.Text("page.js")),
        });
    }

    private static string ChartData(IReadOnlyList<Chart> charts) => new JsonObject
    {
        ["dark"] = new JsonObject(Theme.Dark.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
        ["charts"] = new JsonArray([.. charts.Select(c => new JsonObject { ["name"] = c.Name, ["height"] = c.Height, ["legendRows"] = c.LegendRows, ["option"] = c.Option.DeepClone() })]),
    }.ToJsonString(); // The default encoder escapes every angle bracket, so no text can end the script element.

    /// <summary>Nothing in a script may look like the end of its element; in JavaScript the escaped slash means the same.</summary>
    private static string InScript(string script) => script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase).TrimEnd('\n');
}
