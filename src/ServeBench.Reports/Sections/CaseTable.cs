using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>A table of cases, with a column for every metric that names the table as one of its places.</summary>
internal static class CaseTable
{
    /// <param name="report">The report.</param>
    /// <param name="table">One of <see cref="CaseTables"/>.</param>
    /// <param name="cases">One row each.</param>
    public static Table Of(ReportContext report, string table, IReadOnlyList<CaseResult> cases)
    {
        var shown = Shown(table, cases, report.Metrics);
        Column[] columns =
        [
            new("Load"), report.StackColumn,
            .. shown.SelectMany(
                s => (Column[])[
                    new(Words.Heading(s.Metric, report.Items), true),
                    .. s.Place.WithRange ? [new Column("Range", true)] : (Column[])[]]),
            .. CaseVerdict.Columns(cases),
        ];
        var rows = new List<IReadOnlyList<Prose>>();
        var level = "";
        foreach (var c in cases)
        {
            rows.Add([
                c.Level == level ? Prose.Empty : c.LevelTitle,
                report.Title(c.Contender),
                .. shown.SelectMany(s => Cells(c, s.Metric, s.Place)),
                .. CaseVerdict.Cells(cases, c)]);
            level = c.Level;
        }
        return new Table(columns, rows);
    }

    /// <summary>The metrics of a table in order; one that no case has is left out, and said under What was not measured.</summary>
    private static (IMetric Metric, TablePlace Place)[] Shown(string table, IReadOnlyList<CaseResult> cases, IEnumerable<IMetric> metrics)
    {
        var placed = (from metric in metrics
            from place in metric.Places
            where place.Table == table
            orderby place.Order
            select (Metric: metric, Place: place)).ToArray();
        var chosen = placed
            .Where(
                p => p.Place.OneOf is { } name
                    && p.Metric != Chosen([.. placed.Where(o => o.Place.OneOf == name).Select(o => o.Metric)], cases))
            .ToHashSet();
        return [.. placed.Where(p => !chosen.Contains(p) && (p.Place.Always || cases.Any(c => c.Median(p.Metric.Id) is not null)))];
    }

    /// <summary>The first that every case has the samples for.</summary>
    private static IMetric Chosen(IMetric[] among, IReadOnlyList<CaseResult> cases) =>
        Array.Find(among, m => cases.All(c => c.Median(m.Id) is not null)) ?? among[^1];

    private static IEnumerable<Prose> Cells(CaseResult of, IMetric metric, TablePlace place)
    {
        var result = of.Metrics.GetValueOrDefault(metric.Id);
        yield return CaseVerdict.Marked(of, Value(result, metric));
        if (place.WithRange) yield return CaseVerdict.Marked(of, Words.Range(result, metric.Unit));
    }

    /// <summary>The median, and beside it the trial that spoiled the case where the median does not show it.</summary>
    private static string Value(MetricResult? result, IMetric metric) =>
        metric.SpoiledAbove is { } limit && result is { Greatest: { } greatest } && result.Median <= limit && greatest > limit
            ? $"{Words.Number(result, metric.Unit)}, up to {NumberText.Shown(metric.Unit, greatest)}"
            : Words.Number(result, metric.Unit);
}
