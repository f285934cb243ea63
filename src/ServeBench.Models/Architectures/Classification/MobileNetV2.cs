using ServeBench.Domain.Yaml;

namespace ServeBench.Models.Architectures.Classification;

/// <summary>MobileNetV2 (Sandler et al. 2018), width 1: torchvision's mobilenet_v2 and timm's mobilenetv2_100.</summary>
public sealed class MobileNetV2 : ConvolutionalClassifier<ClassifierSettings>
{
    /// <summary>Expansion, outputs, blocks and stride of the first, by stage: table 2 of the paper.</summary>
    private static readonly (int Expansion, int Outputs, int Blocks, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    private const int StemOutputs = 32;
    private const int BranchDamping = 250;
    private const int HeadOutputs = 1280;

    public override string Name => "mobilenet-v2-classifier";

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
        foreach (var stage in Stages)
        {
            for (var block = 0; block < stage.Blocks; block++)
            {
                blocks.Add(
                    Block($"features.{blocks.Count + 1}", inputs, stage.Expansion, stage.Outputs, block == 0 ? stage.Stride : 1));
                inputs = stage.Outputs;
            }
        }
        var head = $"features.{blocks.Count + 1}";
        return new ConvolutionLayout(
            new ConvolutionUnit("features.0.0", "features.0.1", ImageInput.Channels, StemOutputs, 3, 2, 1, Activation.Relu6),
            PoolsStem: false,
            blocks,
            new ConvolutionUnit($"{head}.0", $"{head}.1", inputs, HeadOutputs, 1, 1, 1, Activation.Relu6),
            [new ClassifierLayer("classifier.1", HeadOutputs, settings.Classes, Activation.None)]);
    }

    private static ConvolutionBlock Block(string name, int inputs, int expansion, int outputs, int stride)
    {
        var wide = inputs * expansion;
        var isResidual = stride == 1 && inputs == outputs;
        var units = new List<ConvolutionUnit>();
        if (expansion > 1)
            units.Add(new ConvolutionUnit($"{name}.conv.0.0", $"{name}.conv.0.1", inputs, wide, 1, 1, 1, Activation.Relu6));
        var next = units.Count;
        units.Add(
            new ConvolutionUnit($"{name}.conv.{next}.0", $"{name}.conv.{next}.1", wide, wide, 3, stride, wide, Activation.Relu6));
        units.Add(
            new ConvolutionUnit(
                $"{name}.conv.{next + 1}",
                $"{name}.conv.{next + 2}",
                wide,
                outputs,
                1,
                1,
                1,
                Activation.None,
                Damping: isResidual ? BranchDamping : 0));
        return new ConvolutionBlock(name, units, Squeeze: null, SqueezeAfter: 0, isResidual, Shortcut: null, Activation.None);
    }

    private static List<TimmNames.Rename> TimmRenames()
    {
        var renames = new List<TimmNames.Rename>
        {
            new("conv_stem", "features.0.0"), new("bn1", "features.0.1"), new("conv_head", "features.18.0"),
            new("bn2", "features.18.1"), new("classifier", "classifier.1"),
        };
        var number = 1;
        foreach (var (stage, at) in Stages.Select((s, i) => (s, i)))
        {
            for (var block = 0; block < stage.Blocks; block++, number++)
            {
                var (timm, own) = ($"blocks.{at}.{block}", $"features.{number}.conv");
                renames.AddRange(stage.Expansion == 1
                    ?
                    [
                        new($"{timm}.conv_dw", $"{own}.0.0"), new($"{timm}.bn1", $"{own}.0.1"),
                        new($"{timm}.conv_pw", $"{own}.1"), new($"{timm}.bn2", $"{own}.2"),
                    ]
                    :
                    [
                        new($"{timm}.conv_pw", $"{own}.0.0"), new($"{timm}.bn1", $"{own}.0.1"),
                        new($"{timm}.conv_dw", $"{own}.1.0"), new($"{timm}.bn2", $"{own}.1.1"),
                        new($"{timm}.conv_pwl", $"{own}.2"), new($"{timm}.bn3", $"{own}.3"),
                    ]);
            }
        }
        return renames;
    }
}
