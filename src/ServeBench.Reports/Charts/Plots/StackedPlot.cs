namespace ServeBench.Reports.Charts.Plots;

/// <summary>Rows of parts that add up to a whole, beside each other, with a mark in each row to compare with.</summary>
public sealed record StackedPlot : Plot
{
    /// <summary>What the values are, with their unit.</summary>
    public required string ValueName { get; init; }

    /// <summary>From left to right.</summary>
    public required IReadOnlyList<StackedPart> Parts { get; init; }

    /// <summary>From top to bottom.</summary>
    public required IReadOnlyList<StackedRow> Rows { get; init; }

    /// <summary>What the marks are.</summary>
    public required string MarkName { get; init; }

    /// <summary>The end of the value axis.</summary>
    public double Maximum => Scale.NiceMaximum(Rows.Max(r => Math.Max(r.Mark ?? 0, r.Values.Sum())) * 1.04);

    public override bool HasInvalid => false;
}

/// <param name="Name">In the legend.</param>
/// <param name="Colour">Of the light theme.</param>
public sealed record StackedPart(string Name, string Colour);

/// <param name="Name">Of what is divided.</param>
/// <param name="Values">One per part, none below zero; zero draws nothing.</param>
/// <param name="Mark">Null for none.</param>
/// <param name="Label">The whole in words.</param>
/// <param name="Tip">Text shown when it is pointed at.</param>
public sealed record StackedRow(string Name, IReadOnlyList<double> Values, double? Mark, string Label, string Tip);
