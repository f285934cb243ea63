using System.Text.Json.Nodes;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;

namespace ServeBench.Reports.Interactive;

/// <summary>Bars beside each other in categories, with the range over trials drawn by the page's own series (chart-kit.js).</summary>
internal static class BarsOption
{
    private const string BarGap = "22%";
    private const string CategoryGap = "28%";
    private const int FieldHeight = 240;
    private const int MostLabels = 18;
    private const int RoomForReference = 96;

    private static readonly int[] RoundedTop = [3, 3, 0, 0];

    public static ChartOption Of(BarsPlot plot)
    {
        var frame = new OptionFrame([.. plot.Series.Select(s => s.Name), .. plot.HasInvalid ? [Plot.Hollow] : (string[])[]], "roundRect");
        var option = frame.Option();
        var bottom = plot.CategoryName.Length == 0 ? 36 : 52;
        option["grid"] = OptionFrame.Grid(frame.Top, FieldHeight, 66, plot.Reference is null ? 24 : RoomForReference);
        option["xAxis"] = AxisOption.Category(plot.Categories.Select(c => c.Label), plot.CategoryName);
        option["yAxis"] = AxisOption.Value(plot.ValueName, plot.Maximum);
        option["series"] = OptionJson.Array(
        [
            .. plot.Series.Select((s, i) => Bars(plot, s, i)), .. plot.Series.Select((s, i) => Ranges(plot, s, i)),
            .. plot.HasInvalid ? [OptionFrame.HollowEntry("dashed")] : (JsonNode[])[],
        ]);
        return new ChartOption(option, frame.Top + FieldHeight + bottom, frame.Rows);
    }

    private static JsonObject Bars(BarsPlot plot, BarSeries series, int index)
    {
        var bars = OptionJson.Node(new
        {
            type = "bar",
            name = series.Name,
            barGap = BarGap,
            barCategoryGap = CategoryGap,
            barMaxWidth = 64,
            itemStyle = new { color = series.Colour, borderRadius = RoundedTop },
            emphasis = new { disabled = true },
        });
        bars["data"] = OptionJson.Array(series.Items.Select(b => b switch
        {
            null => JsonValue.Create("-")!,
            { Valid: true } => (JsonNode)OptionJson.Node(new { value = b.Median, tip = b.Tip }),
            _ => OptionJson.Node(new
            {
                value = b.Median,
                tip = b.Tip,
                itemStyle = new { color = Theme.Ground, borderColor = series.Colour, borderWidth = 1.5, borderType = "dashed" },
            }),
        }));
        if (index == 0 && plot.Reference is { } reference)
        {
            bars["markLine"] = OptionJson.Node(new
            {
                silent = true,
                symbol = "none",
                lineStyle = new { color = Theme.Muted, type = "dashed", width = 1.2 },
                label = new { formatter = reference.Label
                    .Replace(", ", ",\n")
                    .Replace(": ", ":\n"), position = "end", lineHeight = 14, color = Theme.Muted, fontSize = 11 },
                data = new[] { new { yAxis = reference.Value } },
            });
        }
        return bars;
    }

    private static JsonObject Ranges(BarsPlot plot, BarSeries series, int index)
    {
        var labelled = plot.Series.Sum(s => s.Items.Count(b => b is not null)) <= MostLabels;
        return OptionJson.Node(new
        {
            type = "custom",
            name = series.Name,
            renderItem = "range",
            silent = true,
            z = 5,
            data = series.Items.Select((b, i) => b is null ? null : new[] { i, b.Least, b.Greatest }).Where(d => d is not null),
            itemPayload = new
            {
                series = index,
                count = plot.Series.Count,
                barGap = BarGap,
                barCategoryGap = CategoryGap,
                barMaxWidth = 64,
                cap = 5,
                maximum = plot.Maximum,
                colour = Theme.Text,
                dotColour = Theme.Ground,
                textColour = Theme.Text,
                font = $"11px {Theme.Font}",
                labels = series.Items.OfType<Bar>().Select(b => b.Greatest > plot.Maximum ? b.Label + " ↑" : labelled ? b.Label : ""),
                dots = series.Items.OfType<Bar>().Select(b => b.Trials),
            },
            itemStyle = new { color = series.Colour },
        });
    }
}
