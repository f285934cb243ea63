using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>
/// What tables say of a case's standing, and how they mark its numbers: one wording wherever a case has a row (method.md, rule
/// 14a).
/// </summary>
internal static class CaseVerdict
{
    /// <summary>The column where any case is not VALID; none where all are.</summary>
    public static IReadOnlyList<Column> Columns(IReadOnlyList<CaseResult> cases) => cases.All(c => c.Valid) ? [] : [new("Verdict")];

    /// <summary>A case's cell of that column.</summary>
    public static IReadOnlyList<Prose> Cells(IReadOnlyList<CaseResult> cases, CaseResult of) =>
        cases.All(c => c.Valid) ? [] : [of.Valid ? "VALID" : Text(Bad(In(of)))];

    /// <summary>VALID; SATURATED, held only 103 requests/s; INVALID.</summary>
    public static string In(CaseResult of) => of switch
    {
        { Standing: Standing.Saturated, RateHeld: { } held } => $"SATURATED, held only {NumberText.Significant(held)} requests/s",
        _ => of.Standing.ToString().ToUpperInvariant(),
    };

    /// <summary>Struck through where the number says nothing; what a saturated server did is so, though it has lost.</summary>
    public static Prose Marked(CaseResult of, string text) =>
        of.Standing != Standing.Invalid || text == Words.Nothing ? text : Text(Struck(text));
}
