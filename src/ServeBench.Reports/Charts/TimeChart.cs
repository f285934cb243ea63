using System.Net;
using ServeBench.Measurement.Attribution;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>Where the time of a request went: with one request in flight, and at each stack's level of the greatest throughput.</summary>
internal sealed class TimeChart : IChart
{
    public string Id => "9-time";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from split in report.Results.Times ?? []
        from best in (bool[])[false, true]
        where best ? split.IsBest : split.Concurrency == 1
        group split by (split.Workload, split.Model, split.Scenario, Best: best) into rows
        where !rows.Key.Best || rows.Any(s => s.Concurrency > 1)
        select Draw(report, [.. rows], rows.Key.Best);

    private static Chart Draw(ReportContext report, IReadOnlyList<TimeSplit> splits, bool best)
    {
        var of = splits[0];
        string[] parts = [.. TimeParts.All.Where(p => splits.Any(s => s.Of(p) is not null))];
        // Best levels differ: what is side by side must not depend on how many are in flight.
        var relative = best && splits.All(s => s.Raw is not null);
        var model = report.SeveralModels ? $"-{of.Model}" : "";
        return new Chart
        {
            Name = $"time-{of.Workload}{model}-{of.Scenario}-{(best ? "best" : "c1")}",
            Title = $"Where the time of a request went on {of.Workload}, {(best ? "each stack at its best level" : "one in flight")}",
            Caption = "means over requests and trials; the parts add up to the whole, except that a difference below 0 is not drawn; "
                + "what a server does not time is in the rest",
            Shows = $"rows of {Words.List(parts.Select(p => TimeWords.Title(p).ToLowerInvariant()))}, "
                + $"in {(relative ? "per cent of the raw runtime's time" : "ms")}, for each stack",
            Place = new ChartPlace(of.Workload, of.Model, of.Scenario, Section: TimeWords.Section),
            Plot = new StackedPlot
            {
                ValueName = relative ? "% of what the raw runtime would need for as many items as are in flight" : "ms for a request",
                MarkName = "the raw runtime",
                Parts = [.. parts.Select(p => new StackedPart(TimeWords.Title(p), Theme.Part(p)))],
                Rows = [.. splits.Select(s => Row(report, s, parts, best, relative))],
            },
        };
    }

    private static StackedRow Row(ReportContext report, TimeSplit split, string[] parts, bool best, bool relative)
    {
        var name = report.Title(split.Contender) + (best ? $", {split.Concurrency} in flight" : "");
        var lines = TimeParts.All.Select(p => $"<br>{TimeWords.Title(p)}: {TimeWords.Cell(split, p)}{(split.Of(p) is null ? "" : " ms")}");
        var raw = split.Raw is { } r ? $"<br>raw runtime: {TimeWords.Milliseconds(r)} ms" : "";
        var unit = relative ? 100 / split.Raw!.Value : 1000;
        var whole = $"{TimeWords.Milliseconds(split.Whole)} ms";
        return new StackedRow(
            name,
            [.. parts.Select(p => Math.Max(0, split.Of(p) ?? 0) * unit)],
            split.Raw * unit,
            relative ? $"{split.Whole * unit:0} %: {whole}" : whole,
            $"<b>{WebUtility.HtmlEncode(name)}</b><br>whole: {TimeWords.Milliseconds(split.Whole)} ms{string.Concat(lines)}{raw}");
    }
}
