using System.Text.Json.Nodes;

namespace ServeBench.Reports.Charts;

/// <summary>Axes as parts of an ECharts option.</summary>
internal static class Axes
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

    public static JsonObject Value(string name, double? max = null, double? min = 0, string type = "value", bool horizontal = false)
    {
        var axis = OptionJson.Node(new
        {
            type,
            name,
            nameLocation = "middle",
            nameGap = horizontal ? 32 : 48,
            nameTextStyle = new { color = Theme.Muted, fontSize = 12 },
            axisLine = new { show = horizontal, lineStyle = new { color = Theme.Axis } },
            axisTick = new { show = false },
            axisLabel = new { color = Theme.Muted, fontSize = 11, hideOverlap = true },
            splitLine = new { lineStyle = new { color = Theme.Grid } },
            splitNumber = 5,
        });
        if (max is { } most) axis["max"] = most;
        if (min is { } least && type == "value") axis["min"] = least;
        return axis;
    }

    /// <summary>A round number a little above the greatest value: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten.</summary>
    public static double NiceMaximum(double greatest)
    {
        if (greatest <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(greatest)));
        double[] steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
        return Math.Round(steps.First(s => s * power >= greatest * 0.9999999) * power, 12);
    }
}
