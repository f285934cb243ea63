using ServeBench.Domain.Yaml;

namespace ServeBench.Models.Architectures.Classification;

/// <summary>
/// ResNet (He et al. 2015) in the variant called v1.5, which strides in the 3x3 convolution of a bottleneck: torchvision's and timm's
/// resnet18 to resnet152.
/// </summary>
public sealed class ResNet : ConvolutionalClassifier<ResNetSettings>
{
    private static readonly int[] Widths = [64, 128, 256, 512];

    /// <summary>
    /// Sixteen branches one upon another, each rectified: with a quarter, levels that differ by one turned the best class.
    /// </summary>
    private const int BranchDamping = 60;

    public override string Name => "resnet";

    // timm names every tensor as torchvision does.
    protected override IReadOnlyList<TimmNames.Rename> Renames => [];

    public override object Read(YamlMapping section, string folder)
    {
        var settings = new ResNetSettings(
            section.Integers("blocks", 1, 1000),
            section.Flag("bottleneck", true),
            ClassifierSettings.Read(section));
        if (settings.Blocks.Count != Widths.Length)
            section.Fault(
                "blocks",
                $"{settings.Blocks.Count} stages are given where there are {Widths.Length}",
                "For example [3, 4, 6, 3] for ResNet-50");
        section.Done();
        return settings;
    }

    public override IReadOnlyList<(string Key, object Value)> Configuration(object settings) =>
        [("num_classes", Own(settings).Common.Classes)];

    protected override ClassifierSettings Common(ResNetSettings settings) => settings.Common;

    protected override ConvolutionLayout Layout(ResNetSettings settings)
    {
        var blocks = new List<ConvolutionBlock>();
        var inputs = Widths[0];
        foreach (var (width, stage) in Widths.Select((w, i) => (w, i)))
        {
            for (var block = 0; block < settings.Blocks[stage]; block++)
            {
                var stride = block == 0 && stage > 0 ? 2 : 1;
                var outputs = settings.HasBottlenecks ? 4 * width : width;
                blocks.Add(Block($"layer{stage + 1}.{block}", inputs, width, outputs, stride, settings.HasBottlenecks));
                inputs = outputs;
            }
        }
        return new ConvolutionLayout(
            new ConvolutionUnit("conv1", "bn1", ImageInput.Channels, Widths[0], 7, 2, 1, Activation.Relu),
            PoolsStem: true,
            blocks,
            Head: null,
            [new ClassifierLayer("fc", inputs, settings.Common.Classes, Activation.None)]);
    }

    private static ConvolutionBlock Block(string name, int inputs, int width, int outputs, int stride, bool isBottleneck)
    {
        ConvolutionUnit Unit(int number, int from, int to, int kernel, int step, Activation activation = Activation.Relu) =>
            new(
                $"{name}.conv{number}",
                $"{name}.bn{number}",
                from,
                to,
                kernel,
                step,
                1,
                activation,
                Damping: activation == Activation.None ? BranchDamping : 0);
        ConvolutionUnit[] units = isBottleneck
            ?
            [
                Unit(1, inputs, width, 1, 1),
                Unit(2, width, width, 3, stride),
                Unit(3, width, outputs, 1, 1, Activation.None),
            ]
            : [Unit(1, inputs, width, 3, stride), Unit(2, width, outputs, 3, 1, Activation.None)];
        var shortcut = stride == 1 && inputs == outputs
            ? null
            : new ConvolutionUnit($"{name}.downsample.0", $"{name}.downsample.1", inputs, outputs, 1, stride, 1, Activation.None);
        return new ConvolutionBlock(
            name, units, Squeeze: null, SqueezeAfter: 0, IsResidual: true, shortcut, Activation.Relu);
    }
}

/// <summary>The <c>export:</c> section of a ResNet.</summary>
/// <param name="Blocks">How many blocks each of the four stages has: [3, 4, 6, 3] for ResNet-50.</param>
/// <param name="HasBottlenecks">True for 1x1, 3x3 and 1x1 convolutions in a block (from ResNet-50 on); false for two of 3x3.</param>
/// <param name="Common">What all classifiers have.</param>
public sealed record ResNetSettings(IReadOnlyList<int> Blocks, bool HasBottlenecks, ClassifierSettings Common);
