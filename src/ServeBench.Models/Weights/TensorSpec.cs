using ServeBench.Domain.Storage;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Weights;

/// <summary>One tensor that a checkpoint of an architecture has.</summary>
/// <param name="Name">As in the published checkpoint.</param>
/// <param name="Type">As in the published checkpoint.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Seeded">How it is drawn when the weights are seeded.</param>
/// <param name="Used">False for a tensor that the checkpoint carries and the exported graph does not need.</param>
public sealed record TensorSpec(
    string Name,
    TensorType Type,
    IReadOnlyList<long> Shape,
    Initialisation Seeded,
    [property: DecidesNothing("the same values are drawn")] bool Used = true)
{
    public long Elements => Shape.Aggregate(1L, (product, dimension) => product * dimension);
}
