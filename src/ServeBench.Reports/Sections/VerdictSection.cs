using ServeBench.Domain.Wording;
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
        var invalid = cases.Where(c => c.Standing == Standing.Invalid).ToArray();
        var saturated = cases.Where(c => c.Standing == Standing.Saturated).ToArray();
        yield return new Heading(2, "Verdicts: what counts and what does not", "verdicts", "Verdicts");
        yield return new Paragraph(invalid.Length + saturated.Length == 0
            ? Plural.Verb(cases.Count, "The only case is VALID.", $"All {Plural.Of(cases.Count, "case")} are VALID.")
            : Text(
                $"Of {Plural.Of(cases.Count, "case")}, {saturated.Length} {Plural.Verb(saturated.Length, "is", "are")} ",
                Bad("SATURATED"),
                ": the server could not do what was asked; it has lost, and ranks by the rate that it held; "
                    + "its numbers are what was seen, and hollow in charts. "
                    + $"{invalid.Length} {Plural.Verb(invalid.Length, "is", "are")} ",
                Bad("INVALID"),
                ": the client or the machine was at fault, or an answer was wrong; "
                    + "these numbers are struck through, hollow in charts, and never compared. "
                    + "A spoiled trial costs that trial only, while more than half of a case's trials count."));
        if (saturated.Length > 0) yield return Reasons(report, saturated, Severity.Saturated);
        if (invalid.Length > 0) yield return Reasons(report, invalid, Severity.Invalid);
        foreach (var spoiled in Spoiled(report)) yield return spoiled;
        var notes = Notes(report).ToArray();
        if (notes.Length == 0) yield break;
        yield return new Paragraph(Text(Strong("Worth knowing"), " (these numbers are valid):"));
        yield return new BulletList(notes);
    }

    /// <summary>One row per case and finding; what all cases of a contender share is said once.</summary>
    private static Table Reasons(ReportContext report, CaseResult[] cases, Severity severity) => new(
        [new("Case", Wide: true), new("Trials"), new("Why", Wide: true), new("What to do", Wide: true)],
        [
            .. from c in cases
               from f in c.Findings.Where(f => f.Severity == severity)
               group (Case: c, Finding: f) by (c.Contender, f.Rule, f.Message) into same
               let first = same.First()
               let name = same.Count() == 1
                   ? Name(report, first.Case)
                   : $"{Plural.Of(same.Count(), "case")} of {report.Title(same.Key.Contender)}"
               select (IReadOnlyList<Prose>)[
                   name,
                   Words.Capital(Trials(first.Case, first.Finding)),
                   first.Finding.Message,
                   first.Finding.Advice],
        ]);

    /// <summary>Trials that do not count, of cases that do.</summary>
    private static IEnumerable<Block> Spoiled(ReportContext report)
    {
        Prose[] trials =
        [
            .. from c in report.Results.Cases
               where c.Standing != Standing.Invalid
               from t in c.Trials
               where t.Spoiled is not null
               select (Prose)$"{Name(report, c)}, trial {t.Trial}: {t.Spoiled}",
        ];
        if (trials.Length == 0) yield break;
        yield return new Paragraph(Text(Strong("Spoiled trials"), " (left out; the rest of their cases counts):"));
        yield return new BulletList(trials);
    }

    /// <summary>One bullet per rule; the message is that of the first case.</summary>
    private static IEnumerable<Prose> Notes(ReportContext report) =>
        from c in report.Results.Cases
        from f in c.Findings
        where f.Severity == Severity.Note
        group (Case: c, Finding: f) by f.Rule into same
        let first = same.First().Finding
        let count = same.Count()
        let places = count > MostListed
            ? Plural.Of(count, "case")
            : string.Join("; ", same.Select(s => $"{Name(report, s.Case)} ({Trials(s.Case, s.Finding)})"))
        select Text($"{Words.Capital(first.Message)}{(count > 1 ? " (the first of them)" : "")}. In {places}. {first.Advice}.");

    private static string Trials(CaseResult of, CaseFinding finding) => finding.Trials.Count == of.Trials.Count
        ? "all trials"
        : $"{Plural.Noun(finding.Trials.Count, "trial")} {Words.List(finding.Trials.Select(t => $"{t}"))}";

    private static string Name(ReportContext report, CaseResult c) => $"{c.Workload}, {c.LevelTitle}, {report.Title(c.Contender)}";
}
