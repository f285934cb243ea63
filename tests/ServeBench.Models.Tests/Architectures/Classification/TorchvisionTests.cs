using System.Runtime.InteropServices;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Architectures.Classification;

/// <summary>
/// The networks in full size against torchvision's answers on the same seeded weights, recorded by Recording/classifiers.py. Its strict
/// loading has shown that the checkpoints hold torchvision's tensors, all of them and no others.
/// </summary>
[Lane("slow")]
public sealed class TorchvisionTests
{
    /// <summary>Where checkpoints for the recording go; nowhere when it is not set.</summary>
    private const string FolderVariable = "SERVEBENCH_CLASSIFIER_FOLDER";

    private const double MostDifference = 1e-4;

    [Theory]
    [InlineData("resnet50", true)]
    [InlineData("resnet50", false)]
    [InlineData("mobilenet-v2", true)]
    [InlineData("mobilenet-v3-small", true)]
    public void Logits_are_those_of_torchvision(string network, bool folds)
    {
        using var model = Load(network, folds);
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
            File.Copy(model.Checkpoint, Path.Combine(folder, $"{network}.safetensors"), overwrite: true);
        var file = Path.Combine(Repository.Root, "tests", "ServeBench.Models.Tests", "Vectors", $"{network}.logits");
        var recorded = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
        var logits = model.Run(Noise());
        Assert.Equal(recorded.Length, logits.Length);
        Assert.True(recorded.Max() - recorded.Min() > 0.1, "logits that are all alike prove nothing");
        Assert.All(recorded.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, MostDifference));
    }

    private static SeededClassifier Load(string network, bool folds)
    {
        var input = new ImageInput(224, 256, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
        ClassifierSettings Settings(double epsilon) => new(1000, epsilon, folds, input, false, false, 0);
        return network switch
        {
            "resnet50" => new(new ResNet(), new ResNetSettings([3, 4, 6, 3], HasBottlenecks: true, Settings(1e-5))),
            "mobilenet-v2" => new(new MobileNetV2(), Settings(1e-5)),
            _ => new(new MobileNetV3Small(), Settings(1e-3)),
        };
    }

    private static float[] Noise()
    {
        var numbers = new SplitMix(50);
        var values = new float[3 * 224 * 224];
        for (var i = 0; i < values.Length; i++) values[i] = (float)((numbers.Below(1 << 24) / (double)(1 << 22)) - 2);
        return values;
    }
}
