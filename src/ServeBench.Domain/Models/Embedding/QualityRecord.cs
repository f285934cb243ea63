namespace ServeBench.Domain.Models;

/// <summary>
/// How well a trained model in some precision orders pairs of sentences by likeness: Spearman's rank correlation (1904) of the
/// cosines between their embeddings.
/// </summary>
/// <param name="Precision"><c>fp32</c>, <c>fp16</c>, <c>int8</c>.</param>
/// <param name="Pairs">Pairs of sentences.</param>
/// <param name="WithReference">With the cosines of the same weights in double precision, without any runtime: the quality kept; 1
/// is all of it.</param>
/// <param name="WithGrades">With how alike people find the sentences.</param>
/// <param name="ReferenceWithGrades">The same of the double-precision answers.</param>
/// <param name="Runtime">What it was measured with.</param>
public sealed record QualityRecord(
    string Precision, int Pairs, double WithReference, double WithGrades, double ReferenceWithGrades, string Runtime);
