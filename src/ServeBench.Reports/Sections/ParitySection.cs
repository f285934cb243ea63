using ServeBench.Domain.Trials;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>Whether every stack gave the model's answers, before the load and during it.</summary>
internal sealed class ParitySection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        yield return new Heading(2, "Parity: does every stack give the right answers?", "parity", "Parity");
        yield return new Paragraph(
            "Each deployment answers the model's reference inputs before any load. "
                + "Its answers must be as near to independently computed ones as the limits say, or it is not timed. "
                + "During load a sample of answers is compared again.");
        yield return new Table(
            [report.StackColumn, new("Passed", true), new("Inputs", true), .. Measures(report).Select(
                m => new Column(Words.Capital(m), true)), new("Answers checked under load", true), new("Wrong", true)],
            [.. report.Results.Contenders.Select(c => Row(report, c))]);
        foreach (var block in report.Manifest.Models.SelectMany(m => BetweenStacks(report, m))) yield return block;
        string[] failures = [
            .. report.Results.Contenders.SelectMany(
                c => c.Deployments
                    .Where(d => d.Parity is { Passed: false })
                    .Select(d => $"{report.Title(c)}, trial {d.Trial}: PARITY FAILED: {d.Parity!.Detail}"))];
        if (failures.Length > 0) yield return new BulletList([.. failures.Select(f => (Prose)f)]);
    }

    /// <summary>Every pair of stacks once: differences above the diagonal, cosines below it.</summary>
    private static IEnumerable<Block> BetweenStacks(ReportContext report, ModelRecord model)
    {
        var pairs = (report.Results.ParityPairs ?? []).Where(p => p.Model == model.Name).ToDictionary(p => (p.First, p.Second));
        if (pairs.Count == 0) yield break;
        var stacks = report.Stacks;
        var of = report.SeveralModels ? $" of {model.Title}" : "";
        yield return new Paragraph(
            $"The answers{of} compared with each other's: "
                + "above the diagonal the largest difference of any component, below it the least cosine, "
                + "on it the largest difference between a stack's own deployments.");
        yield return new Table(
            [report.StackColumn, .. stacks.Select((_, i) => new Column(Number(i), true))],
            [.. stacks.Select(
                (stack, row) =>
                    (IReadOnlyList<Prose>)[$"{Number(row)} {report.Title(stack)}", .. stacks.Select((_, column) => Cell(row, column))])]);

        string Number(int index) => $"({index + 1})";
        Prose Cell(int row, int column) => pairs.GetValueOrDefault((stacks[Math.Min(row, column)], stacks[Math.Max(row, column)])) switch
        {
            null => Words.Nothing,
            var pair when column >= row => $"{pair.MaximumDifference:0.0e+0}",
            var pair => $"{pair.LeastCosine:0.0000000}",
        };
    }

    /// <summary>By what answers are compared: vectors by two measures, others by those of their kind of work.</summary>
    private static string[] Measures(ReportContext report) =>
        report.Results.Contenders
            .SelectMany(c => c.Deployments)
            .Select(d => d.Parity?.EachMeasure.Select(m => m.Title).ToArray())
            .FirstOrDefault(m => m is not null) ?? [];

    private static Prose Worst(ParityRecord[] asked, int measure)
    {
        if (asked.Any(p => p.Measures is not null))
        {
            ParityMeasure[] measures = [.. asked.Select(p => p.Measures).OfType<IReadOnlyList<ParityMeasure>>().Select(m => m[measure])];
            return (measures[0].HigherIsBetter ? measures.Min(m => m.Worst) : measures.Max(m => m.Worst)) is { } worst
                ? $"{worst:0.######} (limit {measures[0].Limit:0.######})"
                : Words.Nothing;
        }
        return measure == 0
            ? asked.Max(p => p.MaximumDifference) is { } difference
                ? $"{difference:0.0e+0} (limit {asked[0].DifferenceLimit:0.0e+0})"
                : Words.Nothing
            : asked.Min(p => p.LeastCosine) is { } cosine ? $"{cosine:0.0000000} (limit {asked[0].CosineLimit:0.######})" : Words.Nothing;
    }

    private static IReadOnlyList<Prose> Row(ReportContext report, ContenderResult contender)
    {
        var asked = contender.Deployments.Where(d => d.Parity is not null).Select(d => d.Parity!).ToArray();
        var passed = asked.Count(p => p.Passed);
        var trials = report.Results.Cases
            .Where(c => c.Contender == contender.Label && c.Model == contender.Model)
            .SelectMany(c => c.Trials)
            .ToArray();
        var wrong = trials.Sum(t => t.AnswersWrong);
        return
        [
            report.Title(contender),
            report.Endpoint(contender.Label) is { AnswersCompared: false } && asked.Length == 0 ? Text(Bad("not checked"))
            : passed == contender.Deployments.Count
                ? $"{passed} of {contender.Deployments.Count}"
                : Text(Bad($"{passed} of {contender.Deployments.Count}")),
            asked.Length == 0 ? Words.Nothing : $"{asked.Max(p => p.Compared)}",
            .. Measures(report).Select((_, i) => Worst(asked, i)),
            $"{trials.Sum(t => t.AnswersChecked):#,0}",
            wrong == 0 ? "0" : Text(Bad($"{wrong:#,0}")),
        ];
    }
}
