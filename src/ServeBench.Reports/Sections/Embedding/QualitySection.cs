using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>What each precision keeps of a trained model's quality. It stands by itself: no speed is weighed against it.</summary>
internal sealed class QualitySection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        var rows = report.Manifest.Models.SelectMany(m => (m.Quality ?? []).Select(q => (Model: m, Quality: q))).ToArray();
        if (rows.Length == 0) yield break;
        yield return new Heading(2, "Quality: what does each precision keep?", "quality", "Quality");
        yield return new Paragraph(
            $"{rows[0].Quality.Pairs} pairs of sentences, graded by how alike people find them, "
                + "are ordered by the cosine between their embeddings. "
            + "Quality kept is Spearman's rank correlation of that order with the order that the same weights give in double precision, "
            + "without any runtime: 1 is all of it. "
            + "The correlation with the grades says what the model is good for on these sentences, and nothing about others.");
        yield return new Table(
            [new("Model"), new("Precision"), new("Quality kept", true), new("With the grades", true), new(
                "Double precision with the grades", true)],
            [
                .. rows.Select(r => (IReadOnlyList<Prose>)
                [
                    r.Model.Title,
                    r.Quality.Precision,
                    $"{r.Quality.WithReference:0.00000}",
                    $"{r.Quality.WithGrades:0.0000}",
                    $"{r.Quality.ReferenceWithGrades:0.0000}",
                ]),
            ]);
    }
}
