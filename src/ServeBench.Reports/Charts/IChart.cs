using ServeBench.Domain;

namespace ServeBench.Reports.Charts;

/// <summary>
/// A kind of chart: one class in one file with a parameterless constructor, found by <see cref="ChartCatalogue"/>. It draws
/// as many charts as the results have something to show for, and none when a chart would say nothing.
/// </summary>
public interface IChart
{
    /// <summary>Unique; charts of one place are in the ordinal order of this.</summary>
    string Id { get; }

    IEnumerable<Chart> Draw(ReportContext report);
}

/// <summary>Every kind of chart of this assembly, found by reflection, unless a report is given others.</summary>
public static class ChartCatalogue
{
    public static IReadOnlyList<IChart> All { get; } = Plugins.Of<IChart>(c => c.Id);

    /// <summary>Each bears the mark of seeded weights: a chart travels without the report around it.</summary>
    public static IReadOnlyList<Chart> Draw(ReportContext report) =>
        [.. report.Charts.SelectMany(c => c.Draw(report)).Select(c => c with { Mark = report.WeightsMark ?? "" })];
}
