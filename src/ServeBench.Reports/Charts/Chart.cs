using ServeBench.Reports.Charts.Plots;

namespace ServeBench.Reports.Charts;

/// <summary>One chart: what it shows, and what is said about it.</summary>
public sealed record Chart
{
    /// <summary>Unique in a report; the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>What is seen, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>How to read it, in one line; empty when the title says it all.</summary>
    public required string Caption { get; init; }

    /// <summary>What is drawn, for people who cannot see it; follows the title and a colon.</summary>
    public required string Shows { get; init; }

    public required ChartPlace Place { get; init; }

    public required Plot Plot { get; init; }

    /// <summary>What must be written on it wherever it goes, such as that weights were seeded; empty where there is nothing.</summary>
    public string Mark { get; init; } = "";

    /// <summary>The whole of it in words.</summary>
    public string Description => Mark.Length == 0 ? $"{Title}: {Shows}." : $"{Title}: {Shows}. {Content.Words.Capital(Mark)}.";
}

/// <summary>The place of a chart in the report.</summary>
/// <param name="Workload">The workload it belongs to; null for the whole run.</param>
/// <param name="Model">The model, for charts of a workload.</param>
/// <param name="Scenario">The scenario, for charts of one.</param>
/// <param name="Detail">True when it is folded away at first.</param>
/// <param name="Section">The section that shows it, by its anchor; null for the one that shows the workload or the run.</param>
public sealed record ChartPlace(
    string? Workload = null, string? Model = null, string? Scenario = null, bool Detail = false, string? Section = null);
