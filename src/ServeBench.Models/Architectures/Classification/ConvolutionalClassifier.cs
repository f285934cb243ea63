using ServeBench.Domain.Yaml;
using ServeBench.Models.Onnx;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Architectures.Classification;

/// <summary>
/// A convolutional classifier of images, whatever its layout: tensors, graph and reference all follow from the layout. Input
/// <c>pixels</c>, float [batch, 3, size, size], or <c>image</c>, uint8 [batch, height, width, 3]; output <c>logits</c> or
/// <c>probabilities</c>, float [batch, classes], and where it chooses the best <c>scores</c>, float, and <c>classes</c>, int64, both
/// [batch, top].
/// </summary>
public abstract class ConvolutionalClassifier<TSettings> : IImageClassifier where TSettings : class
{
    private const double BiasSteps = 4096;

    public abstract string Name { get; }

    public string Version => "1";

    // Filters of convolutions, which are nearly all of the weights and the work, are stored and multiplied in single precision.
    public IReadOnlyList<string> Precisions { get; } = [Domain.Models.Precisions.Single];

    public abstract object Read(YamlMapping section, string folder);

    public ClassifierSettings Classifier(object settings) => Common(Own(settings));

    public double[] Reference(object settings, SafetensorsFile weights, ReadOnlyMemory<float> image) =>
        new ConvolutionReference(Layout(Own(settings)), Classifier(settings), weights).Logits(image.Span);

    public abstract IReadOnlyList<(string Key, object Value)> Configuration(object settings);

    public void Alias(TensorDirectory checkpoint) => TimmNames.Alias(checkpoint, Renames);

    public IReadOnlyList<TensorSpec> Tensors(object settings)
    {
        var layout = Layout(Own(settings));
        var tensors = new List<TensorSpec>();
        void Add(string name, Initialisation seeded, params long[] shape) =>
            tensors.Add(new TensorSpec(name, TensorType.F32, shape, seeded));
        void Convolution(ConvolutionUnit unit, Activation before)
        {
            Add(
                $"{unit.Convolution}.weight",
                Filter(unit, before),
                unit.Outputs,
                unit.Inputs / unit.Groups,
                unit.Kernel,
                unit.Kernel);
            Add($"{unit.Norm}.weight", NormScale(unit), unit.Outputs);
            Add($"{unit.Norm}.bias", Initialisation.Around0(20), unit.Outputs);
            Add($"{unit.Norm}.running_mean", Initialisation.Around0(20), unit.Outputs);
            Add($"{unit.Norm}.running_var", Initialisation.Around1(50), unit.Outputs);
            tensors.Add(
                new TensorSpec($"{unit.Norm}.num_batches_tracked", TensorType.I64, [], new Initialisation.Counting(), Used: false));
        }
        void Pointwise(string name, int inputs, int outputs, Initialisation bias)
        {
            Add($"{name}.weight", Initialisation.Linear(inputs), outputs, inputs, 1, 1);
            Add($"{name}.bias", bias, outputs);
        }

        Convolution(layout.Stem, Activation.None);
        var before = layout.Stem.Activation;
        foreach (var block in layout.Blocks)
        {
            var inner = before;
            foreach (var (unit, at) in block.Units.Select((u, i) => (u, i)))
            {
                Convolution(unit, inner);
                inner = unit.Activation;
                if (block.Squeeze is not { } squeeze || block.SqueezeAfter != at) continue;
                Pointwise(squeeze.Reduce, squeeze.Channels, squeeze.Squeezed, Initialisation.Around0(20));
                // Gates around five sixths: neither shut, which would let little through, nor stuck open.
                Pointwise(squeeze.Expand, squeeze.Squeezed, squeeze.Channels, Initialisation.Around(2000, 500));
            }
            if (block.Shortcut is { } shortcut) Convolution(shortcut, before);
            before = block.AfterSum;
        }
        if (layout.Head is { } head) Convolution(head, before);
        foreach (var layer in layout.Classifier)
        {
            // What all images have in common must not decide the class: rows of seeded weights sum to zero.
            Add($"{layer.Name}.weight", Initialisation.BalancedOverRectified(layer.Inputs), layer.Outputs, layer.Inputs);
            Add(
                $"{layer.Name}.bias",
                layer == layout.Classifier[^1] ? Initialisation.CentredOver(ReferenceImages.Sha256, 5) : Initialisation.Around0(5),
                layer.Outputs);
        }
        return tensors;
    }

    /// <summary>
    /// Biases of the classes that take off the mean of their logits over the reference images, in double precision. Deep networks of drawn
    /// weights give much alike features for all images; without this, what they share would choose the class of most. Rounded to a
    /// 4096th, so that no processor's last digits matter.
    /// </summary>
    public IReadOnlyDictionary<string, float[]> Calibrate(object settings, SafetensorsFile drawn)
    {
        var (own, input) = (Own(settings), Classifier(settings).Input);
        var seen = new ManifestImageInput(
            input.Size, input.Resize, ManifestImageInput.Bilinear, input.Mean, input.Deviation, ManifestImageInput.Outside);
        var name = $"{Layout(own).Classifier[^1].Name}.bias";
        var bias = new float[Classifier(settings).Classes];
        drawn.CopySingles(drawn.Find(name)!, bias);
        var mean = new double[bias.Length];
        foreach (var image in ReferenceImages.All)
        {
            var logits = Reference(own, drawn, ReferencePreparation.Prepare(ReferenceJpeg.Decode(image.Bytes), seen));
            for (var c = 0; c < mean.Length; c++) mean[c] += logits[c] / ReferenceImages.All.Count;
        }
        return new Dictionary<string, float[]>
        {
            [name] = [.. bias.Zip(mean, (b, m) => (float)(Math.Round((b - m) * BiasSteps) / BiasSteps))],
        };
    }

    public void Build(object settings, GraphBuilder graph)
    {
        var common = Classifier(settings);
        var layers = new ConvolutionLayers(graph, common);
        var logits = layers.Classify(Layout(Own(settings)), layers.Input());
        layers.Output(logits);
    }

    /// <summary>Small where the result is added to its input; larger where half of it is lost to a hard swish around 0.</summary>
    private static Initialisation NormScale(ConvolutionUnit unit)
    {
        if (unit.Damping > 0) return Initialisation.Around(unit.Damping, unit.Damping / 10);
        return Initialisation.Around(unit.Activation == Activation.HardSwish ? 1500 : 1000, 100);
    }

    private static Initialisation Filter(ConvolutionUnit unit, Activation before)
    {
        if (unit.Groups > 1) return Initialisation.Rectified(unit.FanIn);
        return before == Activation.None ? Initialisation.Balanced(unit.FanIn) : Initialisation.BalancedOverRectified(unit.FanIn);
    }

    protected abstract ClassifierSettings Common(TSettings settings);

    protected abstract ConvolutionLayout Layout(TSettings settings);

    /// <summary>How timm names the same tensors: patterns of its names, and torchvision's.</summary>
    protected abstract IReadOnlyList<TimmNames.Rename> Renames { get; }

    protected TSettings Own(object settings) => ArchitectureSettings.As<TSettings>(settings, this);
}
