using System.Text.Json.Nodes;
using ServeBench.Reports.Charts;

namespace ServeBench.Reports.Interactive;

/// <summary>What all interactive charts have in common: legend, tooltip and fonts. The drawing begins below the legend.</summary>
internal sealed class OptionFrame
{
    public const int Width = 860;
    private const int Side = 12;
    private const int LegendTop = 6;
    private const int LegendRow = 24;
    private const int EntryGap = 18;
    private const int IconWidth = 14;

    /// <summary>From the legend's last row to the drawing: room for the labels of the highest values.</summary>
    private const int BelowLegend = 36;

    private readonly string[] _legend;
    private readonly string _icon;

    /// <param name="legend">Names of the series.</param>
    /// <param name="icon">The symbol that they are drawn with; "inherit" takes each series' own.</param>
    public OptionFrame(IEnumerable<string> legend, string icon)
    {
        _legend = [.. legend];
        _icon = icon;
        Rows = _legend.Length == 0 ? 0 : CountRows();
    }

    public int Rows { get; }

    /// <summary>Where the drawing begins.</summary>
    public int Top => LegendTop + (Rows * LegendRow) + BelowLegend;

    public JsonObject Option() => OptionJson.Node(new
    {
        animation = false,
        backgroundColor = Theme.Ground,
        textStyle = new { fontFamily = Theme.Font, color = Theme.Text },
        legend = new
        {
            show = _legend.Length > 0,
            data = _legend.Select(name => OptionJson.Node(_icon == "inherit" ? new { name } : new { name, icon = _icon })),
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
            extraCssText = "max-width: 320px; white-space: normal;",
            textStyle = new { fontSize = 12, color = Theme.Text },
        },
    });

    public static JsonObject Grid(int top, int height, object left, object right)
    {
        var grid = OptionJson.Node(new { top, height });
        grid["left"] = JsonValue.Create(left);
        grid["right"] = JsonValue.Create(right);
        return grid;
    }

    /// <summary>A series without data, so that the legend can name what hollow means.</summary>
    public static JsonObject HollowEntry(string type) => OptionJson.Node(new
    {
        type = "scatter",
        name = Charts.Plots.Plot.Hollow,
        data = System.Array.Empty<int>(),
        itemStyle = new { color = Theme.Ground, borderColor = Theme.Muted, borderWidth = 1.5, borderType = type },
    });

    private int CountRows()
    {
        const double LetterWidth = 7.3;
        var (rows, at) = (1, 0.0);
        foreach (var name in _legend)
        {
            var width = IconWidth + 5 + (name.Length * LetterWidth);
            if (at > 0 && at + width > Width - (2 * Side)) (rows, at) = (rows + 1, 0);
            at += width + EntryGap;
        }
        return rows;
    }
}
