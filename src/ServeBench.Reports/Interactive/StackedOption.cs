using System.Text.Json.Nodes;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;

namespace ServeBench.Reports.Interactive;

/// <summary>Rows of parts that add up to a whole, with a mark in each row.</summary>
internal static class StackedOption
{
    private const int RowHeight = 38;
    private const int NameWidth = 190;
    private const int RoomForWhole = 110;

    /// <summary>Of the width of the page, so that names give way on a narrow one.</summary>
    private const string NameShare = "24%";

    private static readonly int[] MarkSize = [3, 30];

    public static ChartOption Of(StackedPlot plot)
    {
        var marks = plot.Rows.Any(r => r.Mark is not null);
        var frame = new OptionFrame([.. plot.Parts.Select(p => p.Name), .. marks ? [plot.MarkName] : (string[])[]], "roundRect");
        var option = frame.Option();
        var height = RowHeight * plot.Rows.Count;
        option["grid"] = OptionFrame.Grid(frame.Top, height, NameShare, RoomForWhole);
        option["xAxis"] = AxisOption.Value(plot.ValueName, plot.Maximum, horizontal: true);
        option["yAxis"] = OptionJson.Node(new
        {
            type = "category",
            inverse = true,
            data = plot.Rows.Select(r => r.Name).ToArray(),
            axisLine = new { lineStyle = new { color = Theme.Axis } },
            axisTick = new { show = false },
            axisLabel = new { color = Theme.Text, fontSize = 12, interval = 0, width = NameWidth, overflow = "break" },
        });
        option["series"] =
            OptionJson.Array([.. plot.Parts.Select((p, i) => Part(plot, p, i)), .. marks ? [Marks(plot)] : (JsonObject[])[]]);
        return new ChartOption(option, frame.Top + height + 52, frame.Rows);
    }

    private static JsonObject Part(StackedPlot plot, StackedPart part, int index) => OptionJson.Node(new
    {
        type = "bar",
        name = part.Name,
        stack = "whole",
        barWidth = 20,
        itemStyle = new { color = part.Colour },
        emphasis = new { disabled = true },
        label = new { show = index == plot.Parts.Count - 1, position = "right", distance = 8, color = Theme.Text, fontSize = 11 },
        data = plot.Rows.Select(r => new { value = r.Values[index], tip = r.Tip, label = new { formatter = r.Label } }),
    });

    private static JsonObject Marks(StackedPlot plot) => OptionJson.Node(new
    {
        type = "scatter",
        name = plot.MarkName,
        symbol = "rect",
        symbolSize = MarkSize,
        z = 5,
        itemStyle = new { color = Theme.Text },
        data = plot.Rows
            .Select((r, i) => (r, i))
            .Where(x => x.r.Mark is not null)
            .Select(x => new { value = new[] { x.r.Mark!.Value, x.i }, tip = x.r.Tip }),
    });
}
