using ServeBench.Models.References;

namespace ServeBench.Models.Store;

/// <summary>Spearman's rank correlations of the cosines of <see cref="SimilarityPairs"/>.</summary>
/// <param name="Pairs">Pairs of sentences.</param>
/// <param name="WithReference">With the double-precision cosines of the same weights.</param>
/// <param name="WithGrades">With the grades that people gave.</param>
/// <param name="ReferenceWithGrades">Of the double-precision cosines with the grades.</param>
/// <param name="Runtime">What it was measured with.</param>
public sealed record ManifestSimilarity(int Pairs, double WithReference, double WithGrades, double ReferenceWithGrades, string Runtime);
