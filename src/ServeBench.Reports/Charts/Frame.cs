using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServeBench.Reports.Charts;

/// <summary>What all charts have in common: title, legend, axes and fonts, as parts of an ECharts option.</summary>
internal static class Frame
{
    public const int Width = 860;

    /// <summary>Where the legend begins below title and caption.</summary>
    private const int LegendTop = 66;

    /// <summary>Where the drawing area begins below the legend; leaves room for the labels of the highest values.</summary>
    public const int GridTop = 108;

    public static JsonObject Option(string title, string caption, IEnumerable<object> legend) => Node(new
    {
        animation = false,
        backgroundColor = Theme.Ground,
        textStyle = new { fontFamily = Theme.Font, color = Theme.Text },
        title = new
        {
            text = title,
            subtext = caption,
            left = 18,
            top = 14,
            itemGap = 6,
            textStyle = new { fontSize = 16, fontWeight = 600, color = Theme.Text },
            subtextStyle = new { fontSize = 12, color = Theme.Muted },
        },
        legend = new
        {
            data = legend.ToArray(),
            left = 18,
            top = LegendTop,
            itemGap = 20,
            itemWidth = 14,
            itemHeight = 10,
            inactiveColor = Theme.Axis,
            textStyle = new { fontSize = 12, color = Theme.Text },
        },
        tooltip = new
        {
            trigger = "item",
            confine = true,
            formatter = "@tip",
            backgroundColor = Theme.Ground,
            borderColor = Theme.Axis,
            textStyle = new { fontSize = 12, color = Theme.Text },
        },
    });

    /// <summary>A legend entry with the symbol that the series is drawn with.</summary>
    public static object Entry(string name, string icon = "roundRect") => new { name, icon };

    public static JsonObject Grid(int top = GridTop, int bottom = 52, int left = 66, int right = 24, int? height = null)
    {
        var grid = Node(new { top, left, right });
        if (height is { } h) grid["height"] = h;
        else grid["bottom"] = bottom;
        return grid;
    }

    public static JsonObject CategoryAxis(IEnumerable<string> categories, string name) => Node(new
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

    public static JsonObject ValueAxis(string name, double? max = null, double? min = 0, string type = "value", bool horizontal = false, string? format = null)
    {
        var axis = Node(new
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
        if (format is not null) axis["axisLabel"]!["formatter"] = format;
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

    public static JsonObject Node(object value) => JsonSerializer.SerializeToNode(value)!.AsObject();

    public static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);
}
