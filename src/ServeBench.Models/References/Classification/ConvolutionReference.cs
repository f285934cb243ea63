using System.Numerics.Tensors;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.References.Classification;

/// <summary>
/// A convolutional classifier's forward pass written straight from the papers' formulas, in double precision, with loops: no graph, no
/// operator of an inference runtime, batch normalisation as it is defined. It is slow next to a runtime, and exists so that the
/// exported graph is checked against something that shares no code with it.
/// </summary>
internal sealed class ConvolutionReference(ConvolutionLayout layout, ClassifierSettings settings, SafetensorsFile weights)
{
    /// <param name="image">[3, size, size], prepared.</param>
    /// <returns>One logit for each class.</returns>
    public double[] Logits(ReadOnlySpan<float> image)
    {
        var side = settings.Input.Size;
        if (image.Length != ImageInput.Channels * side * side)
            throw new ArgumentException($"an image has {ImageInput.Channels} x {side} x {side} values, not {image.Length}", nameof(image));
        var values = new double[image.Length];
        for (var i = 0; i < values.Length; i++) values[i] = image[i];
        var x = Unit(layout.Stem, new Planes(ImageInput.Channels, side, values));
        if (layout.PoolsStem) x = Pool(x);
        foreach (var block in layout.Blocks) x = Block(block, x);
        if (layout.Head is { } head) x = Unit(head, x);
        var features = Means(x);
        foreach (var layer in layout.Classifier)
        {
            features = Linear(layer.Name, features, layer.Outputs);
            for (var i = 0; i < features.Length; i++) features[i] = Activate(features[i], layer.Activation);
        }
        return features;
    }

    private Planes Block(ConvolutionBlock block, Planes input)
    {
        var x = input;
        for (var at = 0; at < block.Units.Count; at++)
        {
            x = Unit(block.Units[at], x);
            if (block.Squeeze is { } squeeze && block.SqueezeAfter == at) Gate(squeeze, x);
        }
        if (!block.IsResidual) return x;
        var kept = block.Shortcut is { } shortcut ? Unit(shortcut, input) : input;
        for (var i = 0; i < x.Values.Length; i++) x.Values[i] = Activate(x.Values[i] + kept.Values[i], block.AfterSum);
        return x;
    }

    private Planes Unit(ConvolutionUnit unit, Planes x)
    {
        var filters = Tensor($"{unit.Convolution}.weight");
        var (scale, shift) = (Tensor($"{unit.Norm}.weight"), Tensor($"{unit.Norm}.bias"));
        var (mean, variance) = (Tensor($"{unit.Norm}.running_mean"), Tensor($"{unit.Norm}.running_var"));
        var side = ((x.Side + (2 * unit.Padding) - unit.Kernel) / unit.Stride) + 1;
        var result = new Planes(unit.Outputs, side, new double[unit.Outputs * side * side]);
        var inputsOfGroup = unit.Inputs / unit.Groups;
        var outputsOfGroup = unit.Outputs / unit.Groups;
        Parallel.For(0, unit.Outputs, output =>
        {
            var plane = result.Values.AsSpan(output * side * side, side * side);
            for (var i = 0; i < inputsOfGroup; i++)
            {
                var input = (output / outputsOfGroup * inputsOfGroup) + i;
                var filter = filters.AsSpan(((output * inputsOfGroup) + i) * unit.Kernel * unit.Kernel, unit.Kernel * unit.Kernel);
                Convolve(x, input, filter, unit, plane, side);
            }
            var factor = scale[output] / Math.Sqrt(variance[output] + settings.NormEpsilon);
            foreach (ref var value in plane)
                value = Activate(((value - mean[output]) * factor) + shift[output], unit.Activation);
        });
        return result;
    }

    /// <summary>Adds one input's share to an output.</summary>
    private static void Convolve(Planes x, int input, ReadOnlySpan<float> filter, ConvolutionUnit unit, Span<double> plane, int side)
    {
        ReadOnlySpan<double> from = x.Values.AsSpan(input * x.Side * x.Side, x.Side * x.Side);
        for (var ky = 0; ky < unit.Kernel; ky++)
        {
            for (var kx = 0; kx < unit.Kernel; kx++)
            {
                double weight = filter[(ky * unit.Kernel) + kx];
                // The columns whose input lies within the image.
                var shift = kx - unit.Padding;
                var first = shift < 0 ? (unit.Stride - 1 - shift) / unit.Stride : 0;
                var end = Math.Min(side, ((x.Side - 1 - shift) / unit.Stride) + 1);
                for (var row = 0; row < side; row++)
                {
                    var y = (row * unit.Stride) + ky - unit.Padding;
                    if (y < 0 || y >= x.Side) continue;
                    AddRow(from.Slice(y * x.Side, x.Side), weight, unit.Stride, shift, plane.Slice(row * side, side)[..end], first);
                }
            }
        }
    }

    private static void AddRow(ReadOnlySpan<double> from, double weight, int stride, int shift, Span<double> into, int first)
    {
        if (stride == 1)
        {
            var own = into[first..];
            TensorPrimitives.MultiplyAdd(from.Slice(first + shift, own.Length), weight, own, own);
            return;
        }
        for (var column = first; column < into.Length; column++) into[column] += weight * from[(column * stride) + shift];
    }

    private void Gate(SqueezeExcitation squeeze, Planes x)
    {
        var reduced = Linear(squeeze.Reduce, Means(x), squeeze.Squeezed);
        for (var i = 0; i < reduced.Length; i++) reduced[i] = Math.Max(reduced[i], 0);
        var gates = Linear(squeeze.Expand, reduced, squeeze.Channels);
        var size = x.Side * x.Side;
        for (var i = 0; i < x.Values.Length; i++) x.Values[i] *= Math.Clamp((gates[i / size] / 6) + 0.5, 0, 1);
    }

    private double[] Linear(string name, double[] x, int outputs)
    {
        var (matrix, bias) = (Tensor($"{name}.weight"), Tensor($"{name}.bias"));
        var result = new double[outputs];
        for (var output = 0; output < outputs; output++)
        {
            double sum = bias[output];
            for (var i = 0; i < x.Length; i++) sum += x[i] * matrix[(output * x.Length) + i];
            result[output] = sum;
        }
        return result;
    }

    /// <summary>The maximum over 3x3 pixels at stride 2.</summary>
    private static Planes Pool(Planes x)
    {
        var side = ((x.Side + 2 - 3) / 2) + 1;
        var result = new Planes(x.Channels, side, new double[x.Channels * side * side]);
        for (var channel = 0; channel < x.Channels; channel++)
        {
            for (var row = 0; row < side; row++)
            {
                for (var column = 0; column < side; column++)
                {
                    var most = double.NegativeInfinity;
                    for (var y = Math.Max(0, (2 * row) - 1); y < Math.Min(x.Side, (2 * row) + 2); y++)
                    {
                        for (var at = Math.Max(0, (2 * column) - 1); at < Math.Min(x.Side, (2 * column) + 2); at++)
                            most = Math.Max(most, x.Values[(((channel * x.Side) + y) * x.Side) + at]);
                    }
                    result.Values[(((channel * side) + row) * side) + column] = most;
                }
            }
        }
        return result;
    }

    private static double[] Means(Planes x)
    {
        var size = x.Side * x.Side;
        var means = new double[x.Channels];
        for (var i = 0; i < x.Values.Length; i++) means[i / size] += x.Values[i];
        for (var channel = 0; channel < means.Length; channel++) means[channel] /= size;
        return means;
    }

    private static double Activate(double x, Activation activation) => activation switch
    {
        Activation.None => x,
        Activation.Relu => Math.Max(x, 0),
        Activation.Relu6 => Math.Clamp(x, 0, 6),
        Activation.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation"),
    };

    private float[] Tensor(string name)
    {
        var entry = weights.Find(name) ?? throw new KeyNotFoundException($"{weights.Path} has no tensor '{name}'");
        var values = new float[entry.Elements];
        weights.CopySingles(entry, values);
        return values;
    }

    /// <param name="Channels">Number of planes.</param>
    /// <param name="Side">Width and height of each.</param>
    /// <param name="Values">[channels, side, side].</param>
    private sealed record Planes(int Channels, int Side, double[] Values);
}
