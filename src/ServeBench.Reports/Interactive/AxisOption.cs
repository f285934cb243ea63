using System.Text.Json.Nodes;
using ServeBench.Reports.Charts;

namespace ServeBench.Reports.Interactive;

/// <summary>Axes as parts of an ECharts option.</summary>
internal static class AxisOption
{
    public static JsonObject Category(IEnumerable<string> categories, string name) => OptionJson.Node(new
    {
        type = "category",
        data = categories.ToArray(),
        name,
        nameLocation = "middle",
        nameGap = 32,
        nameTextStyle = new { color = Theme.Muted, fontSize = 12 },
        axisLine = new { lineStyle = new { color = Theme.Axis } },
        axisTick = new { show = false },
        axisLabel = new { color = Theme.Text, fontSize = 12, interval = 0, hideOverlap = true },
    });

    public static JsonObject Value(string name, double max, double min = 0, bool logarithmic = false, bool horizontal = false)
    {
        var axis = OptionJson.Node(new
        {
            type = logarithmic ? "log" : "value",
            name,
            nameLocation = "middle",
            nameGap = horizontal ? 32 : 48,
            nameTextStyle = new { color = Theme.Muted, fontSize = 12 },
            axisLine = new { show = horizontal, lineStyle = new { color = Theme.Axis } },
            axisTick = new { show = false },
            axisLabel = new { color = Theme.Muted, fontSize = 11, hideOverlap = true },
            splitLine = new { show = !horizontal, lineStyle = new { color = Theme.Grid } },
            splitNumber = 5,
            min,
        });
        // The end of a logarithmic axis is the library's: it must be a power.
        if (logarithmic) return axis;
        axis["max"] = max;
        if (horizontal) return axis;
        // The library would squeeze the end of the axis beside its last step.
        var ticks = Scale.Ticks(min, max, 5);
        axis["interval"] = ticks[1] - ticks[0];
        axis["axisLabel"]!["showMaxLabel"] = Math.Abs(ticks[^1] - max) < 1e-9 * max;
        return axis;
    }
}
