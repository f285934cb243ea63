namespace ServeBench.Reports.Charts.Plots;

/// <summary>A table of figures, each coloured by how good it is.</summary>
public sealed record HeatPlot : Plot
{
    /// <summary>What is compared.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>What it is compared by, each with one cell per subject; null where there is no figure.</summary>
    public required IReadOnlyList<HeatLine> Lines { get; init; }

    /// <summary>The colours from best to worst, and what each means.</summary>
    public required IReadOnlyList<HeatStep> Key { get; init; }

    /// <summary>The lines with those of one topic together, in the order in which topics first come.</summary>
    public IReadOnlyList<HeatGroup> Groups => [.. Lines.GroupBy(l => l.Topic).Select(g => new HeatGroup(g.Key, [.. g]))];

    public override bool HasInvalid => false;
}

/// <param name="Topic">What lines may have in common, such as the workload.</param>
/// <param name="Title">What it measures.</param>
/// <param name="Cells">One per subject.</param>
public sealed record HeatLine(string Topic, string Title, IReadOnlyList<HeatCell?> Cells)
{
    /// <summary>Both, in one line.</summary>
    public string Name => Topic.Length == 0 ? Title : $"{Topic}: {Title}";
}

/// <param name="Topic">What the lines have in common; may be empty.</param>
/// <param name="Lines">At least one.</param>
public sealed record HeatGroup(string Topic, IReadOnlyList<HeatLine> Lines);

/// <param name="Colour">Of the light theme.</param>
/// <param name="Meaning">In words.</param>
public sealed record HeatStep(string Colour, string Meaning);

/// <param name="Text">The figure with its unit.</param>
/// <param name="Step">Its colour, as an index into the key.</param>
public sealed record HeatCell(string Text, int Step);
