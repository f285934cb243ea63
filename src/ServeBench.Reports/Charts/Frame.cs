using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServeBench.Reports.Charts;

/// <summary>
/// What all charts have in common: the size, title, caption and legend, as parts of an ECharts option. The legend may need
/// several rows; the drawing begins below it.
/// </summary>
internal sealed class Frame
{
    public const int Width = 860;
    private const int Side = 18;
    private const int LegendTop = 66;
    private const int LegendRow = 24;
    private const int EntryGap = 20;
    private const int IconWidth = 14;

    /// <summary>From the legend's last row to the drawing: room for the labels of the highest values.</summary>
    private const int BelowLegend = 42;

    private readonly string _title;
    private readonly string _caption;
    private readonly (string Name, string Icon)[] _legend;

    /// <param name="title">What is seen.</param>
    /// <param name="caption">How to read it.</param>
    /// <param name="legend">Names of the series.</param>
    /// <param name="icon">The symbol that series are drawn with.</param>
    public Frame(string title, string caption, IEnumerable<string> legend, string icon = "roundRect")
    {
        _title = title;
        _caption = caption;
        _legend = [.. legend.Select(name => (name, icon))];
        LegendRows = Rows();
    }

    public int LegendRows { get; }

    /// <summary>Where the drawing begins.</summary>
    public int Top => LegendTop + BelowLegend + ((LegendRows - 1) * LegendRow);

    /// <summary>A new option with everything but axes and series.</summary>
    public JsonObject Option() => Node(new
    {
        animation = false,
        backgroundColor = Theme.Ground,
        textStyle = new { fontFamily = Theme.Font, color = Theme.Text },
        title = new
        {
            text = _title,
            subtext = _caption,
            left = Side,
            top = 14,
            itemGap = 6,
            textStyle = new { fontSize = 16, fontWeight = 600, color = Theme.Text },
            subtextStyle = new { fontSize = 12, color = Theme.Muted },
        },
        legend = new
        {
            show = _legend.Length > 0,
            data = _legend.Select(e => new { name = e.Name, icon = e.Icon }),
            left = Side,
            right = Side,
            top = LegendTop,
            itemGap = EntryGap,
            itemWidth = IconWidth,
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

    /// <summary>The finished chart.</summary>
    /// <param name="name">Unique in the report.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="shows">What is drawn, for readers who cannot see it; follows the title and a colon.</param>
    /// <param name="below">Height of everything below <see cref="Top"/>.</param>
    /// <param name="option">From <see cref="Option"/>, with axes and series.</param>
    public Chart Chart(string name, ChartPlace place, string shows, int below, JsonObject option) => new()
    {
        Name = name,
        Title = _title,
        Caption = _caption,
        Description = $"{_title}: {shows}.",
        Place = place,
        Width = Width,
        Height = Top + below,
        LegendRows = LegendRows,
        Option = option,
    };

    public static JsonObject Grid(int top, int? bottom = null, int? height = null, int left = 66, int right = 24)
    {
        var grid = Node(new { top, left, right });
        if (height is { } h) grid["height"] = h;
        if (bottom is { } b) grid["bottom"] = b;
        return grid;
    }

    /// <summary>As many rows as names of average letters need; the drawing program wraps them alike.</summary>
    private int Rows()
    {
        const double LetterWidth = 7.3;
        var (rows, at) = (1, 0.0);
        foreach (var (name, _) in _legend)
        {
            var width = IconWidth + 5 + (name.Length * LetterWidth);
            if (at > 0 && at + width > Width - (2 * Side)) (rows, at) = (rows + 1, 0);
            at += width + EntryGap;
        }
        return rows;
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
