namespace ServeBench.Models.Store;

/// <summary>How near a model of lesser precision comes to the single-precision one, over the reference inputs, one at a time.</summary>
/// <param name="LeastCosine">The smallest cosine between an embedding and its reference.</param>
/// <param name="MaximumDifference">The largest absolute difference of any component.</param>
/// <param name="Runtime">What it was measured with.</param>
public sealed record ManifestQuality(double LeastCosine, double MaximumDifference, string Runtime);
