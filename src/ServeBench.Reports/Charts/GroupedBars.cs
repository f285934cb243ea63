using System.Text.Json.Nodes;

namespace ServeBench.Reports.Charts;

/// <summary>
/// Bars beside each other in categories: the median as a bar, the range over trials as a line, every trial as a dot.
/// INVALID bars are hollow with a dashed edge and named in the legend.
/// </summary>
internal sealed class GroupedBars
{
    private const int AboveDrawing = 14;
    private const string Hollow = "INVALID (hollow)";
    private const string BarGap = "22%";
    private const string CategoryGap = "28%";
    private const int MostLabels = 18;
    private const double Dwarfing = 2;

    private static readonly int[] RoundedTop = [3, 3, 0, 0];

    private readonly List<Bars> _series = [];

    public required IReadOnlyList<string> Categories { get; init; }

    public required string CategoryName { get; init; }

    public required string ValueName { get; init; }

    /// <summary>A level to compare with, drawn as a dashed line.</summary>
    public (double Value, string Label)? Reference { get; init; }

    /// <summary>Where the value axis must reach at least.</summary>
    public double LeastMaximum { get; init; }

    /// <param name="name">The series' name in the legend.</param>
    /// <param name="colour">Of the light theme.</param>
    /// <param name="bars">One per category; null where there is none.</param>
    public void Add(string name, string colour, IEnumerable<Bar?> bars) => _series.Add(new Bars(name, colour, [.. bars]));

    public Chart Chart(string title, string caption, string name, ChartPlace place, string shows, int height = 240)
    {
        var invalid = _series.SelectMany(s => s.Items).Any(b => b is { Valid: false });
        var bottom = CategoryName.Length == 0 ? 36 : 52;
        var frame = new Frame(title, caption, [.. _series.Select(s => s.Name), .. invalid ? [Hollow] : (string[])[]]);
        var option = frame.Option();
        // The labels of bars that run out of the drawing stand above it, and the legend above them.
        var above = _series.SelectMany(s => s.Items).Any(b => b is not null && b.Greatest > Maximum()) ? AboveDrawing : 0;
        option["grid"] = Frame.Grid(frame.Top + above, bottom, right: Reference is null ? 24 : 92);
        option["xAxis"] = Axes.Category(Categories, CategoryName);
        option["yAxis"] = Axes.Value(ValueName, Maximum());
        option["series"] = OptionJson.Array([.. _series.Select(BarSeries), .. _series.Select(RangeSeries), .. invalid ? [HollowEntry()] : (JsonNode[])[]]);
        return frame.Chart(name, place, shows, height + bottom + above, option);
    }

    /// <summary>
    /// INVALID bars that would dwarf the rest do not set the scale: they run out of the drawing, and their label says how far.
    /// </summary>
    private double Maximum()
    {
        var bars = _series.SelectMany(s => s.Items).OfType<Bar>().ToArray();
        var valid = Math.Max(Reference?.Value ?? 0, bars.Where(b => b.Valid).Select(b => b.Greatest).DefaultIfEmpty(0).Max());
        var all = Math.Max(valid, bars.Select(b => b.Greatest).DefaultIfEmpty(0).Max());
        return Axes.NiceMaximum(Math.Max(LeastMaximum, (valid > 0 && all > Dwarfing * valid ? Dwarfing * valid : all) * 1.04));
    }

    private JsonNode BarSeries(Bars series, int index)
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
        if (index == 0 && Reference is { } reference)
        {
            bars["markLine"] = OptionJson.Node(new
            {
                silent = true,
                symbol = "none",
                lineStyle = new { color = Theme.Muted, type = "dashed", width = 1.2 },
                label = new { formatter = reference.Label, position = "end", lineHeight = 14, color = Theme.Muted, fontSize = 11 },
                data = new[] { new { yAxis = reference.Value } },
            });
        }
        return bars;
    }

    private JsonNode RangeSeries(Bars series, int index)
    {
        var maximum = Maximum();
        var labelled = _series.Sum(s => s.Items.Count(b => b is not null)) <= MostLabels;
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
                count = _series.Count,
                barGap = BarGap,
                barCategoryGap = CategoryGap,
                barMaxWidth = 64,
                cap = 5,
                maximum,
                colour = Theme.Text,
                dotColour = Theme.Ground,
                textColour = Theme.Text,
                font = $"11px {Theme.Font}",
                labels = series.Items.Where(b => b is not null).Select(b => Label(b!, labelled, maximum)),
                dots = series.Items.Where(b => b is not null).Select(b => b!.Trials),
            },
            itemStyle = new { color = series.Colour },
        });
    }

    private static string Label(Bar bar, bool labelled, double maximum)
    {
        if (bar.Greatest > maximum) return bar.Label + " ↑";
        return labelled ? bar.Label : "";
    }

    /// <summary>A series without data, so that the legend can name what hollow means.</summary>
    private static JsonObject HollowEntry() => OptionJson.Node(new
    {
        type = "scatter",
        name = Hollow,
        data = Array.Empty<int>(),
        itemStyle = new { color = Theme.Ground, borderColor = Theme.Muted, borderWidth = 1.5, borderType = "dashed" },
    });

    private sealed record Bars(string Name, string Colour, IReadOnlyList<Bar?> Items);
}

/// <summary>One bar.</summary>
/// <param name="Median">Its height.</param>
/// <param name="Trials">The values of all trials, in the shown unit.</param>
/// <param name="Valid">False draws it hollow.</param>
/// <param name="Label">Text above it.</param>
/// <param name="Tip">Text shown when it is pointed at; HTML.</param>
internal sealed record Bar(double Median, IReadOnlyList<double> Trials, bool Valid, string Label, string Tip)
{
    public double Least => Trials.Min();

    public double Greatest => Trials.Max();
}
