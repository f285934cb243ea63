using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;

namespace ServeBench.Reports.Drawing;

/// <summary>What both ways of drawing bars share: labels, ranges, and the legend's entries beside the series.</summary>
internal static class BarLegend
{
    public static IEnumerable<LegendEntry> Further(BarsPlot plot)
    {
        if (plot.HasInvalid) yield return LegendEntry.HollowBar;
        if (plot.Reference is { } reference) yield return new LegendEntry(reference.Label, LegendMark.DashedLine, Theme.Muted);
    }

    /// <summary>A bar's value; with an arrow where the bar runs out of the drawing.</summary>
    public static string Label(BarsPlot plot, Bar bar) => bar.Greatest > plot.Maximum ? bar.Label + " ↑" : bar.Label;

    public static IEnumerable<string> Labels(BarsPlot plot) =>
        plot.Series.SelectMany(s => s.Items).OfType<Bar>().Select(b => Label(plot, b));

    /// <summary>The range over trials of every bar that does not run out of the drawing, and its trials as dots.</summary>
    /// <param name="field">Where they are drawn.</param>
    /// <param name="plot">The bars.</param>
    /// <param name="position">The place of the bar of a category and a series.</param>
    /// <param name="horizontal">True where bars lie.</param>
    /// <param name="only">The category drawn here; null for all.</param>
    public static void Ranges(PlotField field, BarsPlot plot, Func<int, int, double> position, bool horizontal, int? only = null)
    {
        var dots = new List<(double X, double Y)>();
        for (var s = 0; s < plot.Series.Count; s++)
        {
            for (var c = 0; c < plot.Categories.Count; c++)
            {
                if ((only ?? c) != c || plot.Series[s].Items[c] is not { } bar || bar.Greatest > plot.Maximum) continue;
                var at = position(c, s);
                field.Range(at, bar.Least, bar.Greatest, 4, horizontal);
                dots.AddRange(bar.Trials.Select(t => horizontal ? (t, at) : (at, t)));
            }
        }
        field.Dots(dots);
    }
}
