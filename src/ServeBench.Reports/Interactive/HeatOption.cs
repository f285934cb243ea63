using System.Text.Json.Nodes;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;

namespace ServeBench.Reports.Interactive;

/// <summary>Figures in coloured cells: few subjects are columns, many are rows.</summary>
internal static class HeatOption
{
    private const int MostColumns = 4;
    private const int RowHeight = 30;
    private const int Left = 250;
    private const int Right = 12;
    private const int HeadingLine = 15;

    public static ChartOption Of(HeatPlot plot)
    {
        var upright = plot.Subjects.Count <= MostColumns;
        string[] lines = [.. plot.Lines.Select(l => l.Name)];
        var (columns, rows) = upright ? (plot.Subjects.ToArray(), lines) : (lines, plot.Subjects.ToArray());
        var frame = new OptionFrame([], "roundRect");
        var option = frame.Option();
        var width = ((OptionFrame.Width - Left - Right) / columns.Length) - 8;
        var headings = columns.Max(c => HeadingLines(c, width)) * HeadingLine;
        var top = 36 + headings;
        option["grid"] = OptionFrame.Grid(top, rows.Length * RowHeight, Left, Right);
        var across = AxisOption.Category(columns, "");
        across["position"] = "top";
        across["axisLine"] = OptionJson.Node(new { show = false });
        across["axisLabel"]!["width"] = width;
        across["axisLabel"]!["overflow"] = "break";
        across["axisLabel"]!["hideOverlap"] = false;
        option["xAxis"] = across;
        var down = AxisOption.Category(rows, "");
        down["inverse"] = true;
        down["axisLine"] = OptionJson.Node(new { show = false });
        down["axisLabel"]!["width"] = Left - 14;
        down["axisLabel"]!["overflow"] = "break";
        down["axisLabel"]!["hideOverlap"] = false;
        option["yAxis"] = down;
        option["visualMap"] = ColourKey(plot);
        var cells = OptionJson.Node(new
        {
            type = "heatmap",
            itemStyle = new { borderColor = Theme.Ground, borderWidth = 3, borderRadius = 4 },
            emphasis = new { disabled = true },
            label = new { show = true, color = Theme.Text, fontSize = 12 },
        });
        cells["data"] = OptionJson.Array(plot.Lines.SelectMany((line, l) => line.Cells.Select((cell, s) => Cell(cell, upright ? s : l, upright ? l : s)).OfType<JsonObject>()));
        option["series"] = OptionJson.Array([cells]);
        return new ChartOption(option, top + (rows.Length * RowHeight) + 16, 0);
    }

    private static JsonObject? Cell(HeatCell? cell, int column, int row) =>
        cell is null ? null : OptionJson.Node(new { value = new[] { column, row, cell.Step }, label = new { formatter = cell.Text }, tip = cell.Tip });

    private static JsonObject ColourKey(HeatPlot plot)
    {
        var key = OptionJson.Node(new
        {
            type = "piecewise",
            dimension = 2,
            orient = "horizontal",
            left = 12,
            top = 0,
            itemWidth = 14,
            itemHeight = 10,
            itemGap = 16,
            textStyle = new { color = Theme.Text, fontSize = 12 },
        });
        key["pieces"] = OptionJson.Array(plot.Key.Select((k, i) => OptionJson.Node(new { value = i, label = k.Meaning, color = k.Colour })));
        return key;
    }

    /// <summary>In how many lines a heading is broken, by the mean width of a letter; generously, because the key stands above it.</summary>
    private static int HeadingLines(string title, int width)
    {
        const double LetterWidth = 7.3;
        var (lines, at) = (1, 0.0);
        foreach (var word in title.Split(' '))
        {
            var length = word.Length * LetterWidth;
            if (at > 0 && at + LetterWidth + length > width) (lines, at) = (lines + 1, 0);
            if (at > 0) at += LetterWidth;
            // A word that is too long for a line is broken within.
            lines += Math.Max(0, (int)Math.Ceiling(length / width) - 1);
            at += length;
        }
        return lines;
    }
}
