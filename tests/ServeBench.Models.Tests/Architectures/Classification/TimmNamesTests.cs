using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Tests.Architectures.Classification;

/// <summary>Checkpoints in timm's names, whose tensors are torchvision's under other names.</summary>
public sealed class TimmNamesTests
{
    private static readonly ClassifierSettings Settings = new(
        7, 1e-5, FoldsNorms: true, new ImageInput(64, 64, [0, 0, 0], [1, 1, 1]), false, false, 0);

    /// <summary>Tensors as timm 1.0 lists them for mobilenetv2_100 and mobilenetv3_small_100, with their shapes.</summary>
    public static TheoryData<string, string, string, long[]> Known { get; } = new()
    {
        { "v2", "conv_stem.weight", "features.0.0.weight", [32, 3, 3, 3] },
        { "v2", "blocks.0.0.conv_dw.weight", "features.1.conv.0.0.weight", [32, 1, 3, 3] },
        { "v2", "blocks.0.0.conv_pw.weight", "features.1.conv.1.weight", [16, 32, 1, 1] },
        { "v2", "blocks.1.0.conv_pw.weight", "features.2.conv.0.0.weight", [96, 16, 1, 1] },
        { "v2", "blocks.2.2.bn3.running_var", "features.6.conv.3.running_var", [32] },
        { "v2", "blocks.6.0.conv_pwl.weight", "features.17.conv.2.weight", [320, 960, 1, 1] },
        { "v2", "bn2.weight", "features.18.1.weight", [1280] },
        { "v2", "classifier.weight", "classifier.1.weight", [7, 1280] },
        { "v3", "blocks.0.0.se.conv_reduce.bias", "features.1.block.1.fc1.bias", [8] },
        { "v3", "blocks.1.1.conv_dw.weight", "features.3.block.1.0.weight", [88, 1, 3, 3] },
        { "v3", "blocks.2.0.se.conv_expand.weight", "features.4.block.2.fc2.weight", [96, 24, 1, 1] },
        { "v3", "blocks.4.2.bn3.bias", "features.11.block.3.1.bias", [96] },
        { "v3", "blocks.5.0.conv.weight", "features.12.0.weight", [576, 96, 1, 1] },
        { "v3", "conv_head.weight", "classifier.0.weight", [1024, 576, 1, 1] },
        { "v3", "classifier.bias", "classifier.3.bias", [7] },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Tensors_are_found_under_torchvisions_names(string network, string timm, string torchvision, long[] shape)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.safetensors");
        using (var file = File.Create(path))
            SeededWeights.Write(file, [new TensorSpec(timm, TensorType.F32, shape, Initialisation.Around0(1))], 1);
        using var checkpoint = SafetensorsFile.Open(path);
        IImageClassifier architecture = network == "v2" ? new MobileNetV2() : new MobileNetV3Small();
        architecture.Alias(checkpoint.Directory);
        Assert.Equal(timm, checkpoint.Find(torchvision)?.Name);
        // And it is a tensor that the network has, of that shape.
        var due = architecture.Tensors(Settings).Single(t => t.Name == torchvision);
        Assert.Equal(due.Elements, shape.Aggregate(1L, (product, dimension) => product * dimension));
    }
}
