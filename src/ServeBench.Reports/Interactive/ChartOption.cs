using System.Text.Json.Nodes;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;

namespace ServeBench.Reports.Interactive;

/// <summary>
/// A chart of the HTML report: an ECharts option in plain JSON, in the colours of the light theme, for a page 860 pixels wide.
/// </summary>
/// <param name="Option">What the library draws; the page fits it to the width at hand.</param>
/// <param name="Height">Of the drawing, in pixels.</param>
/// <param name="LegendRows">Rows that the legend takes at that width.</param>
internal sealed record ChartOption(JsonObject Option, int Height, int LegendRows)
{
    /// <returns>Null for a plot that the page shows as a table.</returns>
    public static ChartOption? Of(Chart chart) => chart.Plot switch
    {
        BarsPlot bars => BarsOption.Of(bars),
        StackedPlot stacked => StackedOption.Of(stacked),
        LinesPlot lines => LinesOption.Of(lines),
        _ => null,
    };
}
