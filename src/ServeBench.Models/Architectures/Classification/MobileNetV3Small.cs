using ServeBench.Domain.Yaml;

namespace ServeBench.Models.Architectures.Classification;

/// <summary>MobileNetV3-small (Howard et al. 2019), width 1: torchvision's mobilenet_v3_small and timm's mobilenetv3_small_100.</summary>
public sealed class MobileNetV3Small : ConvolutionalClassifier<ClassifierSettings>
{
    /// <summary>Table 2 of the paper: kernel, expanded width, outputs, squeeze and excitation, activation, stride.</summary>
    private static readonly (int Kernel, int Wide, int Outputs, bool Squeezes, Activation Activation, int Stride)[] Rows =
    [
        (3, 16, 16, true, Activation.Relu, 2),
        (3, 72, 24, false, Activation.Relu, 2),
        (3, 88, 24, false, Activation.Relu, 1),
        (5, 96, 40, true, Activation.HardSwish, 2),
        (5, 240, 40, true, Activation.HardSwish, 1),
        (5, 240, 40, true, Activation.HardSwish, 1),
        (5, 120, 48, true, Activation.HardSwish, 1),
        (5, 144, 48, true, Activation.HardSwish, 1),
        (5, 288, 96, true, Activation.HardSwish, 2),
        (5, 576, 96, true, Activation.HardSwish, 1),
        (5, 576, 96, true, Activation.HardSwish, 1),
    ];

    private const int StemOutputs = 16;
    private const int BranchDamping = 250;
    private const int HeadOutputs = 576;
    private const int Hidden = 1024;

    /// <summary>The stage and the block in it by which timm counts the rows.</summary>
    private static readonly (int Stage, int Block)[] TimmPlaces =
        [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (4, 0), (4, 1), (4, 2)];

    public override string Name => "mobilenet-v3-small-classifier";

    protected override IReadOnlyList<TimmNames.Rename> Renames { get; } = TimmRenames();

    public override object Read(YamlMapping section, string folder)
    {
        var settings = ClassifierSettings.Read(section);
        section.Done();
        return settings;
    }

    public override IReadOnlyList<(string Key, object Value)> Configuration(object settings) => [("num_classes", Own(settings).Classes)];

    protected override ClassifierSettings Common(ClassifierSettings settings) => settings;

    protected override ConvolutionLayout Layout(ClassifierSettings settings)
    {
        var blocks = new List<ConvolutionBlock>();
        var inputs = StemOutputs;
        foreach (var row in Rows)
        {
            blocks.Add(Block(blocks.Count + 1, inputs, row));
            inputs = row.Outputs;
        }
        var head = $"features.{Rows.Length + 1}";
        return new ConvolutionLayout(
            new ConvolutionUnit("features.0.0", "features.0.1", ImageInput.Channels, StemOutputs, 3, 2, 1, Activation.HardSwish),
            PoolsStem: false,
            blocks,
            new ConvolutionUnit($"{head}.0", $"{head}.1", inputs, HeadOutputs, 1, 1, 1, Activation.HardSwish),
            [
                new ClassifierLayer("classifier.0", HeadOutputs, Hidden, Activation.HardSwish),
                new ClassifierLayer("classifier.3", Hidden, settings.Classes, Activation.None),
            ]);
    }

    private static ConvolutionBlock Block(
        int number, int inputs, (int Kernel, int Wide, int Outputs, bool Squeezes, Activation Activation, int Stride) row)
    {
        var name = $"features.{number}";
        var isResidual = row.Stride == 1 && inputs == row.Outputs;
        var units = new List<ConvolutionUnit>();
        ConvolutionUnit Unit(
            int at, int from, int to, int kernel, int stride, int groups, Activation activation, int damping = 0) =>
            new($"{name}.block.{at}.0", $"{name}.block.{at}.1", from, to, kernel, stride, groups, activation, damping);
        if (row.Wide != inputs) units.Add(Unit(0, inputs, row.Wide, 1, 1, 1, row.Activation));
        var depthwise = units.Count;
        units.Add(Unit(depthwise, row.Wide, row.Wide, row.Kernel, row.Stride, row.Wide, row.Activation));
        var squeeze = row.Squeezes
            ? new SqueezeExcitation(
                $"{name}.block.{depthwise + 1}.fc1", $"{name}.block.{depthwise + 1}.fc2", row.Wide, Squeezed(row.Wide))
            : null;
        units.Add(
            Unit(depthwise + (row.Squeezes ? 2 : 1), row.Wide, row.Outputs, 1, 1, 1, Activation.None, isResidual ? BranchDamping : 0));
        return new ConvolutionBlock(name, units, squeeze, depthwise, isResidual, Shortcut: null, Activation.None);
    }

    /// <summary>A quarter, rounded to a multiple of 8, but not down by more than a tenth (torchvision's _make_divisible).</summary>
    private static int Squeezed(int channels)
    {
        var quarter = channels / 4;
        var rounded = Math.Max(8, (quarter + 4) / 8 * 8);
        return rounded < 0.9 * quarter ? rounded + 8 : rounded;
    }

    private static List<TimmNames.Rename> TimmRenames()
    {
        var renames = new List<TimmNames.Rename> { new("conv_stem", "features.0.0"), new("bn1", "features.0.1") };
        var inputs = StemOutputs;
        foreach (var (row, at) in Rows.Select((r, i) => (r, i)))
        {
            var timm = $"blocks.{TimmPlaces[at].Stage}.{TimmPlaces[at].Block}";
            var block = Block(at + 1, inputs, row);
            // timm names convolutions by what they do, and numbers normalisations in order.
            string[] convolutions = block.Units.Count == 3 ? ["conv_pw", "conv_dw", "conv_pwl"] : ["conv_dw", "conv_pw"];
            foreach (var (unit, number) in block.Units.Select((u, i) => (u, i)))
            {
                renames.Add(new($"{timm}.{convolutions[number]}", unit.Convolution));
                renames.Add(new($"{timm}.bn{number + 1}", unit.Norm));
            }
            if (block.Squeeze is { } squeeze)
            {
                renames.Add(new($"{timm}.se.conv_reduce", squeeze.Reduce));
                renames.Add(new($"{timm}.se.conv_expand", squeeze.Expand));
            }
            inputs = row.Outputs;
        }
        // timm's head is a 1x1 convolution after the mean over the image, which is the same as a fully connected layer.
        renames.AddRange(
            [
                new("blocks.5.0.conv", "features.12.0"), new("blocks.5.0.bn1", "features.12.1"),
                new("conv_head", "classifier.0"), new("classifier", "classifier.3"),
            ]);
        return renames;
    }
}
