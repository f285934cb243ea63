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
    public JsonObject Option() => OptionJson.Node(new
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

    /// <summary>The chart with a word in its upper right corner.</summary>
    public static Chart Marked(Chart chart, string mark)
    {
        var option = chart.Option.DeepClone().AsObject();
        var title = option["title"]!.DeepClone();
        option["title"] = new JsonArray(title, OptionJson.Node(new
        {
            text = mark,
            right = Side,
            top = 16,
            textStyle = new { fontSize = 12, fontWeight = 400, color = Theme.Muted },
        }));
        return chart with { Option = option, Caption = chart.Caption.Length == 0 ? mark : $"{chart.Caption}; {mark}", Description = $"{chart.Description} {char.ToUpperInvariant(mark[0])}{mark[1..]}." };
    }

    public static JsonObject Grid(int top, int? bottom = null, int? height = null, int left = 66, int right = 24)
    {
        var grid = OptionJson.Node(new { top, left, right });
        if (height is { } h) grid["height"] = h;
        if (bottom is { } b) grid["bottom"] = b;
        return grid;
    }

    /// <summary>As many rows as names of average letters need; ECharts wraps them alike.</summary>
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
}
