using ServeBench.Reports.Rendering;

namespace ServeBench.Reports.Interactive;

/// <summary>
/// Apache ECharts, embedded at build time out of the package Vizor.ECharts: one script that defines <c>echarts</c> in a browser.
/// </summary>
internal static class ChartLibrary
{
    public static string Text { get; } = "/* Apache ECharts 6.0.0, Apache License 2.0, out of Vizor.ECharts */\n"
        + Resources.Text("echarts.js");
}
