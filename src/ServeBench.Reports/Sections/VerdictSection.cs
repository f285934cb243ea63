using ServeBench.Measurement.Results;
using ServeBench.Measurement.Verdicts;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>Which cases do not count and why, and what else is worth knowing about the others.</summary>
internal sealed class VerdictSection : ISection
{
    /// <summary>A note that more cases than this share is counted, not listed.</summary>
    private const int MostListed = 6;

    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        var cases = report.Results.Cases;
        var invalid = cases.Where(c => !c.Valid).ToArray();
        yield return new Heading(2, "Verdicts: what counts and what does not", "verdicts", "Verdicts");
        yield return new Paragraph(invalid.Length == 0
            ? $"All {Words.Count(cases.Count, "case")} are VALID."
            : Text($"{invalid.Length} of {Words.Count(cases.Count, "case")} are ", Bad("INVALID"), ": their numbers are struck through, hollow in charts, and never compared. A case is INVALID when any of its trials is."));
        if (invalid.Length > 0) yield return Invalid(report, invalid);
        var notes = Notes(report).ToArray();
        if (notes.Length == 0) yield break;
        yield return new Paragraph(Text(Strong("Worth knowing"), " (these numbers stand):"));
        yield return new BulletList(notes);
    }

    private static Table Invalid(ReportContext report, CaseResult[] invalid) => new(
        [new("Case", Wide: true), new("Trials"), new("Why", Wide: true), new("What to do", Wide: true)],
        [
            .. from c in invalid
               from f in c.Findings.Where(f => f.Severity == Severity.Invalid)
               select (IReadOnlyList<Prose>)[Name(report, c), f.Trials.Count == c.Trials.Count ? "all" : string.Join(", ", f.Trials), f.Message, f.Advice],
        ]);

    private static IEnumerable<Prose> Notes(ReportContext report) =>
        from c in report.Results.Cases
        from f in c.Findings
        where f.Severity == Severity.Note
        group (Case: c, Finding: f) by f.Rule into same
        let first = same.First()
        let count = same.Count()
        let names = count > MostListed ? Words.Count(count, "case") : Words.List(same.Select(s => $"{Name(report, s.Case)} (trial {string.Join(", ", s.Finding.Trials)})"))
        select (Prose)$"{names}: {first.Finding.Message}{(count > 1 ? " (in the first of them)" : "")}. {first.Finding.Advice}.";

    private static string Name(ReportContext report, CaseResult c) => $"{c.Workload}, {c.LevelTitle}, {report.Title(c.Contender)}";
}
