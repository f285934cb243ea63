using System.Collections.Concurrent;
using System.Numerics.Tensors;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.References.Generation;

/// <summary>
/// A pre-norm decoder's forward pass written straight from the papers' formulas (Vaswani et al. 2017, Radford et al. 2019), in double
/// precision, with loops: no graph, no operator of an inference runtime. It remembers keys and values of what it has seen, in a way that
/// shares nothing with the exported graph's cache either.
/// </summary>
internal abstract class DecoderReference(GeneratorSettings settings, SafetensorsFile weights)
{
    private readonly ConcurrentDictionary<string, float[]> _matrices = new(StringComparer.Ordinal);

    protected GeneratorSettings Settings { get; } = settings;

    protected int Hidden => Settings.Hidden;

    /// <summary>Name of the table of tokens, which also gives the logits.</summary>
    protected abstract string Table { get; }

    /// <summary>Name of the normalisation before the logits.</summary>
    protected abstract string FinalNorm { get; }

    /// <summary>The logits after every token of one sequence, computed at once: [tokens][vocabulary].</summary>
    public double[][] Logits(int[] sequence)
    {
        var row = new ReferenceSequence(Settings.Layers);
        var x = Forward([row], [sequence]);
        return [.. Enumerable.Range(0, sequence.Length).Select(i => Scores(x[(i * Hidden)..((i + 1) * Hidden)]))];
    }

    /// <summary>Continues every prompt by the token with the highest logit, again and again.</summary>
    /// <param name="prompts">Token ids, at least one each.</param>
    /// <param name="steps">Tokens that are added.</param>
    public IReadOnlyList<GreedyContinuation> Continue(IReadOnlyList<int[]> prompts, int steps)
    {
        ReferenceSequence[] rows = [.. prompts.Select(_ => new ReferenceSequence(Settings.Layers))];
        GreedyContinuation[] continuations = [.. prompts.Select(_ => new GreedyContinuation([], []))];
        int[][] pending = [.. prompts];
        for (var step = 0; step < steps; step++)
        {
            var x = Forward(rows, pending);
            var last = new double[rows.Length * Hidden];
            for (int r = 0, end = 0; r < rows.Length; r++)
            {
                end += pending[r].Length;
                x.AsSpan((end - 1) * Hidden, Hidden).CopyTo(last.AsSpan(r * Hidden));
            }
            var scores = Scores(last);
            for (var r = 0; r < rows.Length; r++)
            {
                var (best, margin) = GreedyContinuation.Best(scores.AsSpan(r * Settings.Vocabulary, Settings.Vocabulary));
                continuations[r].Tokens.Add(best);
                continuations[r].Margins.Add(margin);
                pending[r] = [best];
            }
        }
        return continuations;
    }

    /// <summary>The sum of a token's and its position's rows.</summary>
    protected abstract void First(int token, int position, Span<double> into);

    /// <summary>One layer: adds to <paramref name="x"/> what attention and the fully connected layers give.</summary>
    protected abstract void Layer(int layer, double[] x, IReadOnlyList<ReferenceSequence> rows, IReadOnlyList<int[]> tokens);

    /// <summary>A matrix as [outputs, inputs].</summary>
    protected abstract float[] Matrix(string name);

    protected float[] Tensor(string name) => _matrices.GetOrAdd(name, Read);

    protected float[] Once(string name, Func<float[]> make) => _matrices.GetOrAdd($"{name} made", _ => make());

    protected double[] Linear(string name, double[] x)
    {
        var bias = Tensor($"{name}.bias");
        return Product(x, Matrix($"{name}.weight"), bias);
    }

    /// <summary>(x - mean) / sqrt(variance + epsilon) scale + shift, row by row (Ba et al. 2016).</summary>
    protected double[] Norm(string name, double[] x)
    {
        var scale = Tensor($"{name}.weight");
        var shift = Tensor($"{name}.bias");
        var normalised = new double[x.Length];
        for (var row = 0; row < x.Length; row += Hidden)
        {
            double mean = 0, variance = 0;
            for (var h = 0; h < Hidden; h++) mean += x[row + h] / Hidden;
            for (var h = 0; h < Hidden; h++) variance += (x[row + h] - mean) * (x[row + h] - mean) / Hidden;
            var deviation = Math.Sqrt(variance + Settings.LayerNormEpsilon);
            for (var h = 0; h < Hidden; h++) normalised[row + h] = ((x[row + h] - mean) / deviation * scale[h]) + shift[h];
        }
        return normalised;
    }

    /// <summary>softmax(q k^T / sqrt(d)) v over each row's own past and the token itself, head by head.</summary>
    /// <param name="projected">Query, key and value, [tokens, hidden] each.</param>
    protected double[] Attend(
        int layer,
        (double[] Query, double[] Key, double[] Value) projected,
        IReadOnlyList<ReferenceSequence> rows,
        IReadOnlyList<int[]> tokens)
    {
        var mixed = new double[projected.Query.Length];
        var starts = new int[rows.Count];
        for (var r = 1; r < rows.Count; r++) starts[r] = starts[r - 1] + tokens[r - 1].Length;
        Parallel.For(0, rows.Count, r =>
        {
            var (keys, values) = rows[r].Of(layer);
            for (var t = 0; t < tokens[r].Length; t++)
            {
                var at = (starts[r] + t) * Hidden;
                keys.Add(projected.Key.AsSpan(at, Hidden).ToArray());
                values.Add(projected.Value.AsSpan(at, Hidden).ToArray());
                for (var head = 0; head < Settings.Heads; head++)
                {
                    var first = head * Settings.HeadSize;
                    AttendHead(
                        projected.Query.AsSpan(at + first, Settings.HeadSize), keys, values, first,
                        mixed.AsSpan(at + first, Settings.HeadSize));
                }
            }
        });
        return mixed;
    }

    private static void AttendHead(
        ReadOnlySpan<double> query, List<double[]> keys, List<double[]> values, int first, Span<double> into)
    {
        var scores = new double[keys.Count];
        for (var i = 0; i < keys.Count; i++)
            scores[i] = TensorPrimitives.Dot(query, keys[i].AsSpan(first, query.Length)) / Math.Sqrt(query.Length);
        var largest = scores.Max();
        double total = 0;
        foreach (ref var score in scores.AsSpan()) total += score = Math.Exp(score - largest);
        for (var i = 0; i < keys.Count; i++)
            TensorPrimitives.MultiplyAdd(values[i].AsSpan(first, query.Length), scores[i] / total, into, into);
    }

    /// <summary>What the last layer gives for all new tokens of all rows, [tokens, hidden].</summary>
    private double[] Forward(ReferenceSequence[] rows, int[][] tokens)
    {
        var x = new double[tokens.Sum(t => t.Length) * Hidden];
        var at = 0;
        for (var r = 0; r < rows.Length; r++)
        {
            foreach (var token in tokens[r])
            {
                First(token, rows[r].Length++, x.AsSpan(at, Hidden));
                at += Hidden;
            }
        }
        for (var layer = 0; layer < Settings.Layers; layer++) Layer(layer, x, rows, tokens);
        return x;
    }

    private double[] Scores(double[] x) => Product(Norm(FinalNorm, x), Tensor(Table), new float[Settings.Vocabulary]);

    private static double[] Product(double[] x, float[] matrix, float[] bias)
    {
        var inputs = matrix.Length / bias.Length;
        var rows = x.Length / inputs;
        var output = new double[rows * bias.Length];
        DoubleMatrix.Linear(x, rows, inputs, matrix, bias, output);
        return output;
    }

    private float[] Read(string name)
    {
        var entry = weights.Find(name) ?? throw new KeyNotFoundException($"{weights.Path} has no tensor '{name}'");
        var values = new float[entry.Elements];
        weights.CopySingles(entry, values);
        return values;
    }
}
