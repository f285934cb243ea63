using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.References.Generation;

/// <summary>OPT in double precision (Zhang et al. 2022); the first position is the third row of its table.</summary>
internal sealed class OptReference(GeneratorSettings settings, SafetensorsFile weights) : DecoderReference(settings, weights)
{
    private const string Prefix = "model.decoder";

    protected override string Table => $"{Prefix}.embed_tokens.weight";

    protected override string FinalNorm => $"{Prefix}.final_layer_norm";

    protected override void First(int token, int position, Span<double> into)
    {
        var (tokens, positions) = (Tensor(Table), Tensor($"{Prefix}.embed_positions.weight"));
        for (var h = 0; h < Hidden; h++) into[h] = (double)tokens[(token * Hidden) + h] + positions[((position + 2) * Hidden) + h];
    }

    protected override void Layer(int layer, double[] x, IReadOnlyList<ReferenceSequence> rows, IReadOnlyList<int[]> tokens)
    {
        var name = $"{Prefix}.layers.{layer}";
        var normalised = Norm($"{name}.self_attn_layer_norm", x);
        var (query, key, value) = (
            Linear($"{name}.self_attn.q_proj", normalised),
            Linear($"{name}.self_attn.k_proj", normalised),
            Linear($"{name}.self_attn.v_proj", normalised));
        var mixed = Linear($"{name}.self_attn.out_proj", Attend(layer, (query, key, value), rows, tokens));
        for (var i = 0; i < x.Length; i++) x[i] += mixed[i];
        var inner = Linear($"{name}.fc1", Norm($"{name}.final_layer_norm", x));
        for (var i = 0; i < inner.Length; i++) inner[i] = Math.Max(inner[i], 0);
        var outer = Linear($"{name}.fc2", inner);
        for (var i = 0; i < x.Length; i++) x[i] += outer[i];
    }

    protected override float[] Matrix(string name) => Tensor(name);
}
