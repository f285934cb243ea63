using ServeBench.Domain.Faults;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Architectures.Generation;

/// <summary>The tensors of a pre-norm decoder's checkpoint, and the names that checkpoints have for them.</summary>
internal static class DecoderTensors
{
    /// <summary>Attention's output weighs this much less than a linear layer's.</summary>
    private const int Attention = 4;

    /// <summary>
    /// Every tensor, with how it is drawn. Greedy decoding must not fall into one token or a short loop. A token must not call for itself,
    /// though the same table gives the logits: its row, of deviation 0.1, drowns in the layers' sum, which grows to 3.5 over twelve. What
    /// follows must depend on the token more than on the sequence so far, which hardly changes from step to step: so attention gives a
    /// quarter of what a layer would. It must depend on the position, so that a token that comes again is not followed by the same: rows
    /// of positions weigh half of those of tokens. And what rectified or gated inputs have in common must not pass, or all sequences would
    /// end in one token: pairs of weights that sum to zero see to that.
    /// </summary>
    public static IReadOnlyList<TensorSpec> All(GeneratorSettings s, DecoderParts parts)
    {
        var tensors = new List<TensorSpec>();
        void Add(string name, Initialisation seeded, params long[] shape) =>
            tensors.Add(new TensorSpec(name, TensorType.F32, shape, seeded));
        void Linear(string name, int inputs, int outputs, Initialisation seeded)
        {
            Add($"{name}.weight", seeded, parts.ByInputs ? [inputs, outputs] : [outputs, inputs]);
            Add($"{name}.bias", Initialisation.Around0(20), outputs);
        }
        void Norm(string name)
        {
            Add($"{name}.weight", Initialisation.Around1(50), s.Hidden);
            Add($"{name}.bias", Initialisation.Around0(20), s.Hidden);
        }

        Add(parts.Tokens, Initialisation.Around0(100), s.Vocabulary, s.Hidden);
        Add(parts.Positions, Initialisation.Around0(50), s.Positions + parts.FirstPosition, s.Hidden);
        for (var layer = 0; layer < s.Layers; layer++)
        {
            Norm(parts.Of(layer, parts.AttentionNorm));
            foreach (var projection in parts.Projections)
                Linear(
                    parts.Of(layer, projection), s.Hidden, s.Hidden * 3 / parts.Projections.Count, Initialisation.Linear(s.Hidden));
            Linear(parts.Of(layer, parts.AttentionOutput), s.Hidden, s.Hidden, Initialisation.Lessened(s.Hidden, Attention));
            Norm(parts.Of(layer, parts.InnerNorm));
            Linear(parts.Of(layer, parts.Inner), s.Hidden, s.Intermediate, Initialisation.Linear(s.Hidden));
            Linear(
                parts.Of(layer, parts.Outer),
                s.Intermediate,
                s.Hidden,
                parts.ByInputs
                    ? Initialisation.BalancedByInputs(s.Intermediate, s.Hidden)
                    : Initialisation.BalancedOverRectified(s.Intermediate));
        }
        Norm(parts.FinalNorm);
        return tensors;
    }

    /// <summary>Lets every tensor be found under the names of <paramref name="parts"/>, whatever model the decoder is part of.</summary>
    /// <param name="known">The table of tokens, without any prefix.</param>
    /// <exception cref="RunFailedException">when the checkpoint holds several decoders.</exception>
    public static void Alias(TensorDirectory checkpoint, DecoderParts parts, string known)
    {
        var prefixes = checkpoint.Tensors
            .Where(t => t.Name == known || t.Name.EndsWith($".{known}", StringComparison.Ordinal))
            .Select(t => t.Name[..^known.Length])
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (prefixes.Length > 1)
            throw new RunFailedException(
                $"{checkpoint.Path} holds {prefixes.Length} decoders, {string.Join(" and ", prefixes.Select(p => $"'{p}'"))}, "
                    + "and nothing says which is meant",
                "Use a checkpoint of one decoder");
        var (found, due) = (prefixes.FirstOrDefault(""), parts.Tokens[..^known.Length]);
        if (found == due) return;
        foreach (var tensor in checkpoint.Tensors.Where(t => t.Name.StartsWith(found, StringComparison.Ordinal)))
            checkpoint.TryAlias($"{due}{tensor.Name[found.Length..]}", tensor.Name);
    }
}
