namespace ServeBench.Models.Store;

/// <summary>How near the graph in its precision comes to the double-precision answers, over the reference images.</summary>
/// <param name="TopOne">Share of the images whose best class is the same, 0 to 1.</param>
/// <param name="LargestDifference">The largest difference of any logit, in standard deviations of the image's logits.</param>
/// <param name="Runtime">What it was measured with.</param>
public sealed record ManifestAgreement(double TopOne, double LargestDifference, string Runtime);
