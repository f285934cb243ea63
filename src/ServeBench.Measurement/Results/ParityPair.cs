namespace ServeBench.Measurement.Results;

/// <summary>
/// How far apart the answers of two stacks to the reference inputs are; of one stack's own deployments where both are the same.
/// </summary>
/// <param name="Model">Whose reference inputs.</param>
/// <param name="First">What is compared: a stack's name, with its track when that is not the default one.</param>
/// <param name="Second">The other, later in the manifest, or the same.</param>
/// <param name="Compared">Pairs of answers compared, over all pairs of their deployments.</param>
/// <param name="MaximumDifference">Largest absolute difference of any component.</param>
/// <param name="LeastCosine">Smallest cosine.</param>
public sealed record ParityPair(string Model, string First, string Second, int Compared, double MaximumDifference, double LeastCosine);
