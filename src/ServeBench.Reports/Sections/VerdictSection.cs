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
            : Text($"{invalid.Length} of {Words.Count(cases.Count, "case")} are ", Bad("INVALID"), ": their numbers are struck through, hollow in charts, and never compared. A case is INVALID when any of its trials is, or when any deployment of its stack failed parity."));
        if (invalid.Length > 0) yield return Invalid(report, invalid);
        var notes = Notes(report).ToArray();
        if (notes.Length == 0) yield break;
        yield return new Paragraph(Text(Strong("Worth knowing"), " (these numbers stand):"));
        yield return new BulletList(notes);
    }

    /// <summary>One row per case and finding; what all cases of a contender share is said once.</summary>
    private static Table Invalid(ReportContext report, CaseResult[] invalid) => new(
        [new("Case", Wide: true), new("Trials"), new("Why", Wide: true), new("What to do", Wide: true)],
        [
            .. from c in invalid
               from f in c.Findings.Where(f => f.Severity == Severity.Invalid)
               group (Case: c, Finding: f) by (c.Contender, f.Rule, f.Message) into same
               let first = same.First()
               let name = same.Count() == 1 ? Name(report, first.Case) : $"{Words.Count(same.Count(), "case")} of {report.Title(same.Key.Contender)}"
               select (IReadOnlyList<Prose>)[name, Words.Capital(Trials(first.Case, first.Finding)), first.Finding.Message, first.Finding.Advice],
        ]);

    /// <summary>One bullet per rule; the message is that of the first case.</summary>
    private static IEnumerable<Prose> Notes(ReportContext report) =>
        from c in report.Results.Cases
        from f in c.Findings
        where f.Severity == Severity.Note
        group (Case: c, Finding: f) by f.Rule into same
        let first = same.First().Finding
        let count = same.Count()
        let places = count > MostListed ? Words.Count(count, "case") : string.Join("; ", same.Select(s => $"{Name(report, s.Case)} ({Trials(s.Case, s.Finding)})"))
        select Text($"{Words.Capital(first.Message)}{(count > 1 ? " (the first of them)" : "")}. In {places}. {first.Advice}.");

    private static string Trials(CaseResult of, CaseFinding finding) => finding.Trials.Count == of.Trials.Count
        ? "all trials"
        : $"trial{(finding.Trials.Count == 1 ? "" : "s")} {Words.List(finding.Trials.Select(t => $"{t}"))}";

    private static string Name(ReportContext report, CaseResult c) => $"{c.Workload}, {c.LevelTitle}, {report.Title(c.Contender)}";
}
