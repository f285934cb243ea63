using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.References.Generation;

/// <summary>GPT-2 in double precision (Radford et al. 2019); its checkpoints have matrices as [inputs, outputs].</summary>
internal sealed class Gpt2Reference(GeneratorSettings settings, SafetensorsFile weights) : DecoderReference(settings, weights)
{
    protected override string Table => "wte.weight";

    protected override string FinalNorm => "ln_f";

    protected override void First(int token, int position, Span<double> into)
    {
        var (tokens, positions) = (Tensor(Table), Tensor("wpe.weight"));
        for (var h = 0; h < Hidden; h++) into[h] = (double)tokens[(token * Hidden) + h] + positions[(position * Hidden) + h];
    }

    protected override void Layer(int layer, double[] x, IReadOnlyList<ReferenceSequence> rows, IReadOnlyList<int[]> tokens)
    {
        var all = Linear($"h.{layer}.attn.c_attn", Norm($"h.{layer}.ln_1", x));
        var mixed = Attend(layer, (Part(all, 0), Part(all, 1), Part(all, 2)), rows, tokens);
        AddTo(x, Linear($"h.{layer}.attn.c_proj", mixed));
        var inner = Linear($"h.{layer}.mlp.c_fc", Norm($"h.{layer}.ln_2", x));
        for (var i = 0; i < inner.Length; i++) inner[i] = Gelu(inner[i]);
        AddTo(x, Linear($"h.{layer}.mlp.c_proj", inner));
    }

    protected override float[] Matrix(string name) => Once(name, () =>
    {
        var stored = Tensor(name);
        var outputs = Tensor($"{name[..^".weight".Length]}.bias").Length;
        var transposed = new float[stored.Length];
        Transpose(stored, stored.Length / outputs, outputs, transposed);
        return transposed;
    });

    /// <summary>0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), the form that GPT-2 was trained with.</summary>
    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    /// <summary>Query, key or value out of rows that hold all three.</summary>
    private double[] Part(double[] all, int part)
    {
        var own = new double[all.Length / 3];
        for (var row = 0; row < own.Length / Hidden; row++)
            all.AsSpan(((3 * row) + part) * Hidden, Hidden).CopyTo(own.AsSpan(row * Hidden));
        return own;
    }

    private static void AddTo(double[] x, double[] y)
    {
        for (var i = 0; i < x.Length; i++) x[i] += y[i];
    }

    private static void Transpose(float[] from, int rows, int columns, float[] into)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) into[(column * rows) + row] = from[(row * columns) + column];
        }
    }
}
