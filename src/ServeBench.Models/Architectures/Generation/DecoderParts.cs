using System.Globalization;

namespace ServeBench.Models.Architectures.Generation;

/// <summary>What a checkpoint calls the tensors of a pre-norm decoder, and in which form it has them.</summary>
/// <param name="Tokens">The table of tokens [vocabulary, hidden], which also gives the logits.</param>
/// <param name="Positions">The table of positions.</param>
/// <param name="FirstPosition">The row of the first position.</param>
/// <param name="Layer">Prefix of a layer's tensors; {0} stands for its number.</param>
/// <param name="AttentionNorm">The normalisation before attention, within the layer.</param>
/// <param name="Projections">Query, key and value: one matrix that gives all three in this order, or three.</param>
/// <param name="AttentionOutput">The projection of what attention gives.</param>
/// <param name="InnerNorm">The normalisation before the two fully connected layers.</param>
/// <param name="Inner">The layer that widens.</param>
/// <param name="Outer">The layer that narrows again.</param>
/// <param name="FinalNorm">The normalisation before the logits.</param>
/// <param name="ByInputs">True where matrices are [inputs, outputs], false where they are [outputs, inputs].</param>
/// <param name="Rectified">True where the activation is max(x, 0), false where it is GELU's approximation by tanh.</param>
internal sealed record DecoderParts(
    string Tokens,
    string Positions,
    int FirstPosition,
    string Layer,
    string AttentionNorm,
    IReadOnlyList<string> Projections,
    string AttentionOutput,
    string InnerNorm,
    string Inner,
    string Outer,
    string FinalNorm,
    bool ByInputs,
    bool Rectified)
{
    /// <summary>The full name of a part of a layer.</summary>
    public string Of(int layer, string part) =>
        $"{Layer.Replace("{0}", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}.{part}";
}
