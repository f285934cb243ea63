using System.Text;
using System.Text.Json.Nodes;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using ServeBench.Reports.Interactive;

namespace ServeBench.Reports.Rendering;

/// <summary>report.html: one file with everything in it, which asks nothing of any network.</summary>
internal static class HtmlReport
{
    /// <param name="document">What it says.</param>
    /// <param name="charts">The charts, and their drawings for readers without scripts.</param>
    public static string Write(ReportDocument document, IReadOnlyList<(Chart Chart, string Svg)> charts) =>
        new TemplateSet(new HtmlFormat()).Render(new
        {
            document.Title,
            document.Subtitle,
            document.Blocks,
            Sections = document.Blocks.OfType<Heading>().Where(h => h.Level == 2).ToArray(),
            Stills = charts.ToDictionary(c => c.Chart.Name, c => Convert.ToBase64String(Encoding.UTF8.GetBytes(c.Svg))),
            Steps = Theme.Steps.Select(s => new { Light = s, Dark = Theme.Dark[s] }).ToArray(),
            Style = Resources.Text("html/report.css").TrimEnd('\n'),
            ChartData = ChartData([.. charts.Select(c => c.Chart)]),
            Library = InScript(ChartLibrary.Text),
            ChartKit = InScript(Resources.Text("chart-kit.js")),
            PageScript = InScript(Resources.Text("page.js")),
        });

    private static string ChartData(IReadOnlyList<Chart> charts) => new JsonObject
    {
        ["dark"] = new JsonObject(Theme.Dark.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
        ["charts"] = new JsonArray(
            [.. charts.Select(c => (Chart: c, Drawn: ChartOption.Of(c))).Where(c => c.Drawn is not null).Select(c => new JsonObject
            {
                ["name"] = c.Chart.Name,
                ["height"] = c.Drawn!.Height,
                ["legendRows"] = c.Drawn.LegendRows,
                ["option"] = c.Drawn.Option,
            })]),
    }.ToJsonString(); // The default encoder escapes every angle bracket, so no text can end the script element.

    /// <summary>Nothing in a script may look like the end of its element; in JavaScript the escaped slash means the same.</summary>
    private static string InScript(string script) =>
        script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase).TrimEnd('\n');
}
