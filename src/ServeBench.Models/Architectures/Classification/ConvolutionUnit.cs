namespace ServeBench.Models.Architectures.Classification;

/// <summary>What follows a normalised convolution.</summary>
public enum Activation
{
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>x min(max(x + 3, 0), 6) / 6 (Howard et al. 2019).</summary>
    HardSwish,
}

/// <summary>
/// A convolution without bias, with padding that keeps the size at stride 1, then batch normalisation and an activation. All names are
/// those of torchvision's checkpoints.
/// </summary>
/// <param name="Convolution">Prefix of <c>.weight</c>, [outputs, inputs / groups, kernel, kernel].</param>
/// <param name="Norm">Prefix of <c>.weight</c>, <c>.bias</c>, <c>.running_mean</c> and <c>.running_var</c>, each [outputs].</param>
/// <param name="Groups">1, or as many as inputs for a depthwise convolution.</param>
/// <param name="Damping">Of the last of a branch that is added to its input: the scale of its norm in seeded weights, in thousandths, so
/// small that activations do not grow from block to block, nor differences between images that are nearly the same; 0 for others.</param>
public sealed record ConvolutionUnit(
    string Convolution,
    string Norm,
    int Inputs,
    int Outputs,
    int Kernel,
    int Stride,
    int Groups,
    Activation Activation,
    int Damping = 0)
{
    public int Padding => Kernel / 2;

    /// <summary>Inputs that one output sees.</summary>
    public int FanIn => Inputs / Groups * Kernel * Kernel;
}

/// <summary>
/// Squeeze and excitation (Hu et al. 2018): the mean of each channel over the image, a layer with ReLU, a layer with a hard sigmoid, and
/// every channel is multiplied by its result.
/// </summary>
/// <param name="Reduce">Prefix of <c>.weight</c> [squeezed, channels, 1, 1] and <c>.bias</c> [squeezed].</param>
/// <param name="Expand">Prefix of <c>.weight</c> [channels, squeezed, 1, 1] and <c>.bias</c> [channels].</param>
public sealed record SqueezeExcitation(string Reduce, string Expand, int Channels, int Squeezed);

/// <summary>Some units one after another, whose result may be added to their input.</summary>
/// <param name="Squeeze">Where channels are weighted, after the unit <paramref name="SqueezeAfter"/>; null for nowhere.</param>
/// <param name="IsResidual">True when the input, or what <paramref name="Shortcut"/> makes of it, is added.</param>
/// <param name="Shortcut">The convolution of the input where its shape differs from the result's; null for none.</param>
/// <param name="AfterSum">What follows the sum.</param>
public sealed record ConvolutionBlock(
    string Name,
    IReadOnlyList<ConvolutionUnit> Units,
    SqueezeExcitation? Squeeze,
    int SqueezeAfter,
    bool IsResidual,
    ConvolutionUnit? Shortcut,
    Activation AfterSum);

/// <summary>A fully connected layer.</summary>
/// <param name="Name">Prefix of <c>.weight</c> [outputs, inputs] and <c>.bias</c> [outputs].</param>
public sealed record ClassifierLayer(string Name, int Inputs, int Outputs, Activation Activation);

/// <summary>A convolutional classifier: stem, blocks, head, mean over the image, classifier.</summary>
/// <param name="PoolsStem">True when a 3x3 maximum with stride 2 follows the stem.</param>
public sealed record ConvolutionLayout(
    ConvolutionUnit Stem,
    bool PoolsStem,
    IReadOnlyList<ConvolutionBlock> Blocks,
    ConvolutionUnit? Head,
    IReadOnlyList<ClassifierLayer> Classifier)
{
    /// <summary>Every normalised convolution, in the order of torchvision's checkpoints.</summary>
    public IEnumerable<ConvolutionUnit> Units =>
        [
            Stem,
            .. Blocks.SelectMany(b => b.Shortcut is { } shortcut ? b.Units.Append(shortcut) : b.Units),
            .. Head is { } head ? [head] : Array.Empty<ConvolutionUnit>(),
        ];
}
