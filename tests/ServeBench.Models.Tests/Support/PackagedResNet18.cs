using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ServeBench.Domain.Models;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Inference;
using ServeBench.Models.Onnx.Format;
using ServeBench.Models.Packages;

namespace ServeBench.Models.Tests.Support;

/// <summary>
/// ResNet-18 without its last layer, trained on photographs: the ONNX files of the package Microsoft.ML.DnnImageFeaturizer.ResNet18 (MIT),
/// which were exported from CNTK and share nothing with our exporter.
/// </summary>
internal sealed class PackagedResNet18 : IDisposable
{
    public const int Features = 512;

    private const int Side = 224;

    private static readonly ModelPackage Package = new("Microsoft.ML.DnnImageFeaturizer.ResNet18", "0.23.1", "", IsHubCheckpoint: false, []);

    private readonly InferenceSession _network;
    private readonly InferenceSession _preparation;
    private readonly string _file;

    private PackagedResNet18(string folder)
    {
        _file = Path.Combine(folder, "tools", "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx");
        _network = RuntimeSessions.Load(_file, new SessionSettings());
        _preparation = RuntimeSessions.Load(Path.Combine(folder, "tools", "DnnImageModels", "ResNetPrepOnnx", "ResNetPreprocess.onnx"), new SessionSettings());
    }

    /// <summary>The package; the test is skipped where the machine does not have it.</summary>
    public static PackagedResNet18 Open()
    {
        var folder = new PackageFolder(PackageFolder.Default).Find(Package);
        Assert.SkipWhen(folder is null, $"the {Package} is not on this machine");
        return new PackagedResNet18(folder);
    }

    /// <summary>The features that the package's own graph gives.</summary>
    /// <param name="prepared">[3, 224, 224], blue first, as <see cref="Prepare"/> gives it.</param>
    public float[] Run(float[] prepared) => Run(_network, prepared);

    /// <summary>What the package does to a decoded image before its network sees it.</summary>
    /// <param name="levels">[3, 224, 224], red first, from 0 to 255.</param>
    public float[] Prepare(float[] levels) => Run(_preparation, levels);

    public void Dispose()
    {
        _network.Dispose();
        _preparation.Dispose();
    }

    /// <summary>
    /// The weights under torchvision's names, with a last layer that changes nothing, so that logits are features. The file has no names
    /// of layers: convolutions are taken in the order of its graph, in which that of a shortcut comes before its block's.
    /// </summary>
    public SafetensorsEditor Checkpoint(ResNetSettings settings)
    {
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_file)).Graph;
        var tensors = graph.Initializer.ToDictionary(t => t.Name);
        var norms = graph.Node.Where(n => n.OpType == "BatchNormalization").ToDictionary(n => n.Input[0]);
        var convolutions = new Queue<NodeProto>(graph.Node.Where(n => n.OpType == "Conv"));
        var checkpoint = new SafetensorsEditor();
        void Add(string name, string from) =>
            checkpoint.Tensors.Add((name, "F32", [.. tensors[from].Dims], MemoryMarshal.AsBytes<float>(tensors[from].FloatData.ToArray()).ToArray()));
        void Take(string convolution, string norm)
        {
            var node = convolutions.Dequeue();
            Add($"{convolution}.weight", node.Input[1]);
            string[] parts = ["weight", "bias", "running_mean", "running_var"];
            foreach (var (part, at) in parts.Select((p, i) => (p, i))) Add($"{norm}.{part}", norms[node.Output[0]].Input[1 + at]);
        }
        Take("conv1", "bn1");
        for (var stage = 0; stage < settings.Blocks.Count; stage++)
        {
            for (var block = 0; block < settings.Blocks[stage]; block++)
            {
                var name = $"layer{stage + 1}.{block}";
                if (stage > 0 && block == 0) Take($"{name}.downsample.0", $"{name}.downsample.1");
                Take($"{name}.conv1", $"{name}.bn1");
                Take($"{name}.conv2", $"{name}.bn2");
            }
        }
        Assert.Equal("", string.Join(' ', convolutions.Select(c => c.Name)));
        var same = new float[Features * Features];
        for (var i = 0; i < Features; i++) same[(i * Features) + i] = 1;
        checkpoint.Tensors.Add(("fc.weight", "F32", [Features, Features], MemoryMarshal.AsBytes<float>(same).ToArray()));
        checkpoint.Tensors.Add(("fc.bias", "F32", [Features], new byte[Features * sizeof(float)]));
        return checkpoint;
    }

    private static float[] Run(InferenceSession session, float[] values)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(values, [1, ImageInput.Channels, Side, Side]);
        using var options = new RunOptions();
        // The files name their weights as inputs, too; the image is the one that has no value yet.
        using var outputs = session.Run(options, [session.InputMetadata.Keys.Single()], [input], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
