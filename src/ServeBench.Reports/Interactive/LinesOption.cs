using System.Text.Json.Nodes;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;

namespace ServeBench.Reports.Interactive;

/// <summary>Lines or points; a part of the horizontal axis can be chosen with the magnifier, or with Ctrl and the wheel.</summary>
internal static class LinesOption
{
    private const int BetweenPanels = 48;
    private const int Below = 52;

    private static readonly string[] Symbols = ["circle", "rect", "triangle", "diamond"];
    private static readonly string[] LabelPlaces = ["right", "left", "top", "bottom"];

    public static ChartOption Of(LinesPlot plot)
    {
        var series = plot.Panels[0].Series;
        var frame = new OptionFrame([.. series.Select(s => s.Name), .. plot.HasInvalid ? [Plot.Hollow] : (string[])[]], "inherit");
        var option = frame.Option();
        var count = plot.Panels.Count;
        var height = plot.Beside ? plot.Height : (plot.Height - (BetweenPanels * (count - 1))) / count;
        // Beside each other only where the page is wide enough for it; there the panels share the width.
        option["grid"] = OptionJson.Array(Enumerable.Range(0, count).Select(i => plot.Beside
            ? OptionFrame.Grid(
                frame.Top,
                height,
                count == 1 ? 66 : $"{(i * 100 / count) + 7}%",
                count == 1 ? 24 : $"{((count - 1 - i) * 100 / count) + 2}%")
            : OptionFrame.Grid(frame.Top + (i * (height + BetweenPanels)), height, 66, 24)));
        option["xAxis"] = OptionJson.Array(plot.Panels.Select((p, i) => Horizontal(plot, p, i)));
        option["yAxis"] = OptionJson.Array(plot.Panels.Select((p, i) => Vertical(plot, p, i)));
        option["series"] = OptionJson.Array(
        [
            .. plot.Panels.SelectMany((p, panel) => p.Series.Select((s, i) => Line(s, i, panel))),
            .. plot.HasInvalid ? [OptionFrame.HollowEntry("solid")] : (JsonNode[])[],
        ]);
        if (!series.Any(s => s.Connected)) return new ChartOption(option, frame.Top + height + Below, frame.Rows);
        var all = Enumerable.Range(0, count).ToArray();
        option["dataZoom"] =
            new JsonArray(
                OptionJson.Node(
                    new
                    {
                        type = "inside",
                        xAxisIndex = all,
                        filterMode = "none",
                        zoomOnMouseWheel = "ctrl",
                        moveOnMouseMove = false,
                        moveOnMouseWheel = false,
                    }));
        option["toolbox"] = OptionJson.Node(new
        {
            right = 8,
            top = frame.Top - 32,
            itemSize = 13,
            feature = new
            {
                dataZoom = new
                {
                    xAxisIndex = all,
                    yAxisIndex = false,
                    filterMode = "none",
                    title = new { zoom = "zoom into a part", back = "back" },
                },
            },
        });
        return new ChartOption(option, frame.Top + (plot.Beside ? height : plot.Height) + Below, frame.Rows);
    }

    private static JsonObject Horizontal(LinesPlot plot, Panel panel, int index)
    {
        var last = plot.Beside || index == plot.Panels.Count - 1;
        var axis = AxisOption.Value(
            !last ? "" : plot.Beside && panel.Title.Length > 0 ? panel.Title : plot.XName,
            plot.XMaximum,
            plot.XMinimum,
            horizontal: true);
        axis["gridIndex"] = index;
        if (plot.XMaximum - plot.XMinimum is 9) axis["interval"] = 1;
        return axis;
    }

    private static JsonObject Vertical(LinesPlot plot, Panel panel, int index)
    {
        var axis = AxisOption.Value(plot.Beside && index > 0 ? "" : panel.ValueName, panel.Maximum, panel.Minimum, panel.Logarithmic);
        axis["gridIndex"] = index;
        if (plot.Panels.Count > 1) axis["splitNumber"] = 3;
        return axis;
    }

    private static JsonObject Line(LineSeries series, int index, int panel)
    {
        var line = OptionJson.Node(new
        {
            type = series.Connected ? "line" : "scatter",
            name = series.Name,
            xAxisIndex = panel,
            yAxisIndex = panel,
            lineStyle = new { color = series.Colour, width = 2, type = series.Dashed ? "dashed" : "solid" },
            itemStyle = series.Connected
                ? OptionJson.Node(new { color = series.Colour })
                : OptionJson.Node(new { color = series.Colour, opacity = 1, borderColor = Theme.Ground, borderWidth = 1.5 }),
            symbol = Symbols[series.Symbol],
            symbolSize = series.Connected ? 7 : 13,
            showAllSymbol = true,
            clip = series.Connected,
            emphasis = new { focus = "series" },
            blur = new { lineStyle = new { opacity = 0.15 }, itemStyle = new { opacity = 0.15 } },
            labelLayout = new { hideOverlap = true },
        });
        line["data"] = OptionJson.Array(series.Points.Select(p => Point(series, p, LabelPlaces[index % LabelPlaces.Length])));
        return line;
    }

    private static JsonNode Point(LineSeries series, PlotPoint of, string labelPlace)
    {
        if (of.Y is not { } y) return new JsonArray(of.X, "-");
        var point = OptionJson.Node(new { value = new[] { of.X, y }, tip = of.Tip });
        if (!of.Valid)
            point["itemStyle"] =
                OptionJson.Node(new { color = Theme.Ground, borderColor = series.Colour, borderWidth = 2, borderType = "solid" });
        if (of.Label.Length > 0 && series.Connected)
            point["label"] =
                OptionJson.Node(new { show = true, formatter = of.Label, position = labelPlace, fontSize = 11, color = Theme.Text });
        return point;
    }
}
