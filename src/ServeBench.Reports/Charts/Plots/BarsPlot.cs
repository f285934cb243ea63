namespace ServeBench.Reports.Charts.Plots;

/// <summary>
/// Bars by category: the median as a bar, the range over trials as a line, every trial as a dot. Bars that are not VALID are
/// hollow.
/// </summary>
public sealed record BarsPlot : Plot
{
    /// <summary>Bars that are not VALID and lie beyond this many times the greatest VALID value do not set the scale.</summary>
    private const double Dwarfing = 2;

    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>What the categories are; empty when their labels say it.</summary>
    public required string CategoryName { get; init; }

    /// <summary>What the values are, with their unit.</summary>
    public required string ValueName { get; init; }

    public required IReadOnlyList<BarSeries> Series { get; init; }

    /// <summary>A level to compare with, drawn as a dashed line.</summary>
    public (double Value, string Label)? Reference { get; init; }

    /// <summary>Where the value axis must reach at least.</summary>
    public double LeastMaximum { get; init; }

    /// <summary>
    /// The end of the value axis. Bars that are not VALID and would dwarf the rest do not set it: they run out of the drawing,
    /// and their label
    /// says how far.
    /// </summary>
    public double Maximum
    {
        get
        {
            var valid = Math.Max(Reference?.Value ?? 0, Bars.Where(b => b.Valid).Select(b => b.Greatest).DefaultIfEmpty(0).Max());
            var all = Math.Max(valid, Bars.Select(b => b.Greatest).DefaultIfEmpty(0).Max());
            return Scale.NiceMaximum(Math.Max(LeastMaximum, (valid > 0 && all > Dwarfing * valid ? Dwarfing * valid : all) * 1.04));
        }
    }

    public override bool HasInvalid => Bars.Any(b => !b.Valid);

    private IEnumerable<Bar> Bars => Series.SelectMany(s => s.Items).OfType<Bar>();
}

/// <param name="Label">On the axis.</param>
/// <param name="Title">As the heading of a panel of its own.</param>
public sealed record Category(string Label, string Title);

/// <param name="Name">In the legend.</param>
/// <param name="Colour">Of the light theme.</param>
/// <param name="Items">One per category; null where there is none.</param>
public sealed record BarSeries(string Name, string Colour, IReadOnlyList<Bar?> Items);

/// <summary>One bar.</summary>
/// <param name="Median">Its length.</param>
/// <param name="Trials">The values of all trials, at least one.</param>
/// <param name="Valid">False draws it hollow.</param>
/// <param name="Label">Its value in words.</param>
/// <param name="Tip">Text shown when it is pointed at.</param>
public sealed record Bar(double Median, IReadOnlyList<double> Trials, bool Valid, string Label, string Tip)
{
    public double Least => Trials.Min();

    public double Greatest => Trials.Max();
}
