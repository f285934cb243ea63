namespace ServeBench.Reports.Charts.Plots;

/// <summary>Points over a common horizontal axis, connected or not, in one or more panels with vertical axes of their own.</summary>
public sealed record LinesPlot : Plot
{
    public required string XName { get; init; }

    public double XMinimum { get; init; }

    public required double XMaximum { get; init; }

    /// <summary>True where the horizontal axis counts, so that only whole numbers are marked.</summary>
    public bool IsCounted { get; init; }

    public required IReadOnlyList<Panel> Panels { get; init; }

    /// <summary>True sets the panels beside each other, false one above the other.</summary>
    public bool Beside { get; init; }

    /// <summary>Heights of the panels together, in pixels, where all series share them.</summary>
    public int Height { get; init; } = 260;

    public override bool HasInvalid => Panels.SelectMany(p => p.Series).SelectMany(s => s.Points).Any(p => !p.Valid);
}

/// <param name="Title">What tells it from the other panels; empty when the name of its values does.</param>
/// <param name="ValueName">What its values are, with their unit.</param>
/// <param name="Maximum">The end of the vertical axis.</param>
/// <param name="Logarithmic">True for a logarithmic vertical axis, which begins a little below the least value.</param>
/// <param name="Series">In the same order in every panel.</param>
public sealed record Panel(string Title, string ValueName, double Maximum, bool Logarithmic, IReadOnlyList<LineSeries> Series)
{
    /// <summary>Where the vertical axis begins.</summary>
    public double Minimum => Logarithmic ? Math.Pow(10, Math.Floor(Math.Log10(Values.Min()))) : 0;

    private IEnumerable<double> Values => Series.SelectMany(s => s.Points).Select(p => p.Y).OfType<double>();
}

/// <param name="Name">In the legend.</param>
/// <param name="Colour">Of the light theme.</param>
/// <param name="Symbol">Tells series of the same colour apart: 0 circle, 1 square, 2 triangle, 3 diamond.</param>
/// <param name="Connected">False draws points only.</param>
/// <param name="Dashed">True for a line whose numbers do not count.</param>
/// <param name="Points">From left to right.</param>
public sealed record LineSeries(string Name, string Colour, int Symbol, bool Connected, bool Dashed, IReadOnlyList<PlotPoint> Points);

/// <param name="X">Its place on the horizontal axis.</param>
/// <param name="Y">Its value; null leaves a gap.</param>
/// <param name="Valid">False draws it hollow.</param>
/// <param name="Label">Text beside it where there is room; may be empty.</param>
/// <param name="Tip">Text shown when it is pointed at.</param>
public sealed record PlotPoint(double X, double? Y, bool Valid, string Label, string Tip);
