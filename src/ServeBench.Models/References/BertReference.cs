using System.Numerics.Tensors;
using ServeBench.Models.Architectures;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.References;

/// <summary>
/// BERT's forward pass written straight from the paper's formulas (Vaswani et al. 2017, Devlin et al. 2018), in double
/// precision, with loops: no padding, no graph, no operator of an inference runtime. It is slow next to a runtime, and exists
/// so that the exported graph is checked against something that shares no code with it.
/// </summary>
internal sealed class BertReference(BertEncoderSettings settings, SafetensorsFile weights)
{
    private readonly int _hidden = settings.Hidden;

    /// <returns>One embedding per sequence.</returns>
    public IReadOnlyList<double[]> Embed(IReadOnlyList<int[]> sequences)
    {
        // All tokens of all sequences are the rows of one matrix; only attention and pooling look at where a sequence ends.
        var starts = new int[sequences.Count + 1];
        for (var s = 0; s < sequences.Count; s++) starts[s + 1] = starts[s] + sequences[s].Length;
        var x = Embeddings(sequences, starts[^1]);
        for (var layer = 0; layer < settings.Layers; layer++) x = Layer($"encoder.layer.{layer}", x, starts);
        return [.. sequences.Select((_, s) => Pool(x, starts[s], starts[s + 1]))];
    }

    private double[] Embeddings(IReadOnlyList<int[]> sequences, int tokens)
    {
        var words = Tensor("embeddings.word_embeddings.weight");
        var positions = Tensor("embeddings.position_embeddings.weight");
        var segment = settings.IsDistilled ? new float[_hidden] : Tensor("embeddings.token_type_embeddings.weight");
        var x = new double[tokens * _hidden];
        var row = 0;
        foreach (var sequence in sequences)
        {
            for (var position = 0; position < sequence.Length; position++, row++)
            {
                for (var h = 0; h < _hidden; h++)
                    x[(row * _hidden) + h] = (double)words[(sequence[position] * _hidden) + h]
                        + positions[(position * _hidden) + h]
                        + segment[h];
            }
        }
        LayerNorm("embeddings.LayerNorm", x);
        return x;
    }

    private double[] Layer(string name, double[] x, int[] starts)
    {
        var query = Linear($"{name}.attention.self.query", x);
        var key = Linear($"{name}.attention.self.key", x);
        var value = Linear($"{name}.attention.self.value", x);
        var mixed = new double[x.Length];
        Parallel.For(0, starts.Length - 1, s =>
        {
            for (var head = 0; head < settings.Heads; head++) Attend(query, key, value, mixed, starts[s], starts[s + 1], head);
        });
        var attended = AddAndNorm($"{name}.attention.output.LayerNorm", Linear($"{name}.attention.output.dense", mixed), x);
        var inner = Linear($"{name}.intermediate.dense", attended);
        Parallel.For(0, inner.Length / settings.Intermediate, row =>
        {
            foreach (ref var v in inner.AsSpan(row * settings.Intermediate, settings.Intermediate)) v = Gelu(v);
        });
        return AddAndNorm($"{name}.output.LayerNorm", Linear($"{name}.output.dense", inner), attended);
    }

    /// <summary>softmax(q k^T / sqrt(d)) v for one head of one sequence.</summary>
    private void Attend(double[] query, double[] key, double[] value, double[] mixed, int first, int end, int head)
    {
        var size = _hidden / settings.Heads;
        var scores = new double[end - first];
        for (var row = first; row < end; row++)
        {
            var q = query.AsSpan((row * _hidden) + (head * size), size);
            var largest = double.NegativeInfinity;
            for (var other = first; other < end; other++)
            {
                var k = key.AsSpan((other * _hidden) + (head * size), size);
                scores[other - first] = TensorPrimitives.Dot<double>(q, k) / Math.Sqrt(size);
                largest = Math.Max(largest, scores[other - first]);
            }
            double total = 0;
            foreach (ref var score in scores.AsSpan()) total += score = Math.Exp(score - largest);
            var into = mixed.AsSpan((row * _hidden) + (head * size), size);
            for (var other = first; other < end; other++)
            {
                var share = scores[other - first] / total;
                var v = value.AsSpan((other * _hidden) + (head * size), size);
                TensorPrimitives.MultiplyAdd(v, share, into, into);
            }
        }
    }

    private double[] AddAndNorm(string name, double[] x, double[] residual)
    {
        for (var i = 0; i < x.Length; i++) x[i] += residual[i];
        LayerNorm(name, x);
        return x;
    }

    private void LayerNorm(string name, double[] x)
    {
        var scale = Tensor($"{name}.weight");
        var shift = Tensor($"{name}.bias");
        for (var row = 0; row < x.Length; row += _hidden)
        {
            var values = x.AsSpan(row, _hidden);
            double mean = 0, variance = 0;
            foreach (var v in values) mean += v / _hidden;
            foreach (var v in values) variance += (v - mean) * (v - mean) / _hidden;
            var deviation = Math.Sqrt(variance + settings.LayerNormEpsilon);
            for (var h = 0; h < _hidden; h++) values[h] = ((values[h] - mean) / deviation * scale[h]) + shift[h];
        }
    }

    private double[] Pool(double[] x, int first, int end)
    {
        var embedding = new double[_hidden];
        var last = settings.Pooling == BertEncoderSettings.FirstTokenPooling ? first + 1 : end;
        for (var row = first; row < last; row++)
        {
            for (var h = 0; h < _hidden; h++) embedding[h] += x[(row * _hidden) + h] / (last - first);
        }
        if (!settings.Normalise) return embedding;
        var length = Math.Sqrt(embedding.Sum(v => v * v));
        return Array.ConvertAll(embedding, v => v / length);
    }

    /// <summary>x Phi(x), with the exact normal distribution function.</summary>
    private static double Gelu(double x) => 0.5 * x * (1 + ErrorFunction.Erf(x / Math.Sqrt(2)));

    private double[] Linear(string name, double[] x)
    {
        var bias = Tensor($"{name}.bias");
        var matrix = Tensor($"{name}.weight");
        var inputs = matrix.Length / bias.Length;
        var rows = x.Length / inputs;
        var output = new double[rows * bias.Length];
        DoubleMatrix.Linear(x, rows, inputs, matrix, bias, output);
        return output;
    }

    private float[] Tensor(string name)
    {
        var entry = weights.Find(name) ?? throw new KeyNotFoundException($"{weights.Path} has no tensor '{name}'");
        var values = new float[entry.Elements];
        weights.CopySingles(entry, values);
        return values;
    }
}
