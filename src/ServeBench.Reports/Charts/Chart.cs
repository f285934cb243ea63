using System.Text.Json.Nodes;

namespace ServeBench.Reports.Charts;

/// <summary>One chart, ready to draw: the same option gives the SVG file and the interactive chart.</summary>
public sealed record Chart
{
    /// <summary>Unique in a report; the SVG's file name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>What is seen, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>How to read it, in one line; empty when the title says it all.</summary>
    public required string Caption { get; init; }

    /// <summary>What it shows, for people who cannot see it.</summary>
    public required string Description { get; init; }

    public required ChartPlace Place { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Rows of the legend at this width.</summary>
    public required int LegendRows { get; init; }

    /// <summary>The ECharts option: plain JSON, colours of the light theme.</summary>
    public required JsonNode Option { get; init; }
}

/// <summary>Where in the report a chart stands.</summary>
/// <param name="Workload">The workload it belongs to; null for the whole run.</param>
/// <param name="Model">The model, for charts of a workload.</param>
/// <param name="Scenario">The scenario, for charts of one.</param>
/// <param name="Detail">True when it is folded away at first.</param>
public sealed record ChartPlace(string? Workload = null, string? Model = null, string? Scenario = null, bool Detail = false);
