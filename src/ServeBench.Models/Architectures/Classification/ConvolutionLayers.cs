using ServeBench.Models.Onnx;

namespace ServeBench.Models.Architectures.Classification;

/// <summary>Puts a convolutional classifier's graph together. Values between layers are [batch, channels, height, width].</summary>
internal sealed class ConvolutionLayers(GraphBuilder graph, ClassifierSettings settings)
{
    private const float PixelScale = 1f / 255;

    /// <summary>The prepared pixels: an input of the graph, or what the graph makes of decoded images.</summary>
    public Value Input()
    {
        var input = settings.Input;
        if (!settings.PreparesInGraph)
            return graph.Input("pixels", ElementType.Float, "batch", ImageInput.Channels, input.Size, input.Size);
        var image = graph.Input("image", ElementType.UInt8, "batch", "height", "width", ImageInput.Channels);
        var planes = graph.Transpose("input.planes", graph.Cast("input.singles", image, ElementType.Float), 0, 3, 1, 2);
        var cut = CutMiddle(ResizeShorterSide(planes));
        // (x / 255 - mean) / deviation as one product and one sum.
        var scale = PerColour("scale", (_, deviation) => (float)(PixelScale / deviation));
        var shift = PerColour("shift", (mean, deviation) => (float)(-mean / deviation));
        return graph.Add("input.prepared", graph.Multiply("input.scaled", cut, scale), shift);
    }

    /// <returns>Logits, [batch, classes].</returns>
    public Value Classify(ConvolutionLayout layout, Value pixels)
    {
        var x = Unit(layout.Stem, pixels);
        if (layout.PoolsStem) x = graph.MaxPool("stem.pooled", x, kernel: 3, stride: 2, padding: 1);
        foreach (var block in layout.Blocks) x = Block(block, x);
        if (layout.Head is { } head) x = Unit(head, x);
        x = graph.Flatten("features.mean", graph.GlobalAveragePool("features.pooled", x));
        foreach (var layer in layout.Classifier)
            x = Activate($"{layer.Name}.activated", EncoderLayers.Linear(graph, layer.Name, x), layer.Activation);
        return x;
    }

    /// <summary>
    /// Makes the logits, or what the settings ask for instead, the outputs of the graph. Where it chooses the best classes, the scores of
    /// all remain an output: by these it is compared, and a server fetches what it needs.
    /// </summary>
    public void Output(Value logits)
    {
        var scores = settings.GivesProbabilities ? graph.Softmax("probabilities_all", logits) : logits;
        var all = graph.Output(settings.GivesProbabilities ? "probabilities" : "logits", scores);
        if (settings.Top == 0) return;
        var (best, classes) = graph.TopK("top", all, settings.Top);
        graph.Output("scores", best);
        graph.Output("classes", classes);
    }

    private Value Block(ConvolutionBlock block, Value input)
    {
        var x = input;
        foreach (var (unit, at) in block.Units.Select((u, i) => (u, i)))
        {
            x = Unit(unit, x);
            if (block.Squeeze is { } squeeze && block.SqueezeAfter == at) x = Squeeze(squeeze, x);
        }
        if (!block.IsResidual) return x;
        var kept = block.Shortcut is { } shortcut ? Unit(shortcut, input) : input;
        return Activate($"{block.Name}.activated", graph.Add($"{block.Name}.sum", x, kept), block.AfterSum);
    }

    private Value Unit(ConvolutionUnit unit, Value x)
    {
        var (stride, padding, groups) = (unit.Stride, unit.Padding, unit.Groups);
        if (settings.FoldsNorms)
        {
            var (weight, bias) = Folded(unit);
            x = graph.Convolution($"{unit.Convolution}.output", x, weight, bias, stride, padding, groups);
        }
        else
        {
            var weight = graph.Weight($"{unit.Convolution}.weight");
            var convolved = graph.Convolution($"{unit.Convolution}.output", x, weight, null, stride, padding, groups);
            x = graph.BatchNormalization(
                $"{unit.Norm}.output",
                convolved,
                graph.Weight($"{unit.Norm}.weight"),
                graph.Weight($"{unit.Norm}.bias"),
                graph.Weight($"{unit.Norm}.running_mean"),
                graph.Weight($"{unit.Norm}.running_var"),
                (float)settings.NormEpsilon);
        }
        return Activate($"{unit.Convolution}.activated", x, unit.Activation);
    }

    /// <summary>
    /// The convolution and its bias with batch normalisation multiplied in: with s = weight / sqrt(variance + epsilon), filters become
    /// s filters, and the bias is bias - s mean (Jacob et al. 2018, section 3.2).
    /// </summary>
    private (Value Weight, Value Bias) Folded(ConvolutionUnit unit)
    {
        string[] norm = [$"{unit.Norm}.weight", $"{unit.Norm}.bias", $"{unit.Norm}.running_mean", $"{unit.Norm}.running_var"];
        double Scale(IReadOnlyList<float[]> t, int channel) => t[0][channel] / Math.Sqrt(t[3][channel] + settings.NormEpsilon);
        var weight = graph.Combined(
            $"{unit.Convolution}.folded",
            [unit.Outputs, unit.Inputs / unit.Groups, unit.Kernel, unit.Kernel],
            [.. norm, $"{unit.Convolution}.weight"],
            (t, into) =>
            {
                for (var i = 0; i < into.Length; i++) into[i] = (float)(t[4][i] * Scale(t, i / unit.FanIn));
            });
        var bias = graph.Combined(
            $"{unit.Norm}.folded",
            [unit.Outputs],
            norm,
            (t, into) =>
            {
                for (var c = 0; c < into.Length; c++) into[c] = (float)(t[1][c] - (Scale(t, c) * t[2][c]));
            });
        return (weight, bias);
    }

    private Value Squeeze(SqueezeExcitation squeeze, Value x)
    {
        var mean = graph.GlobalAveragePool($"{squeeze.Reduce}.mean", x);
        var reduced = graph.Relu($"{squeeze.Reduce}.activated", Pointwise(squeeze.Reduce, mean));
        var gate = graph.HardSigmoid($"{squeeze.Expand}.gate", Pointwise(squeeze.Expand, reduced));
        return graph.Multiply($"{squeeze.Expand}.gated", x, gate);
    }

    private Value Pointwise(string name, Value x) =>
        graph.Convolution($"{name}.output", x, graph.Weight($"{name}.weight"), graph.Weight($"{name}.bias"), 1, 0, 1);

    private Value Activate(string name, Value x, Activation activation) => activation switch
    {
        Activation.None => x,
        Activation.Relu => graph.Relu(name, x),
        Activation.Relu6 => graph.Clip(name, x, 0, 6),
        Activation.HardSwish => graph.HardSwish(name, x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation"),
    };

    /// <summary>
    /// Scales so that the shorter side has the length that is asked for; the longer one is rounded down, as torchvision does it.
    /// </summary>
    private Value ResizeShorterSide(Value x)
    {
        var (height, width) = (graph.SizeOf("input.original_height", x, 2), graph.SizeOf("input.original_width", x, 3));
        var shorter = graph.Minimum("input.shorter", height, width);
        Value Scaled(string side, Value length) =>
            graph.Divide(
                $"input.scaled_{side}",
                graph.Multiply($"input.wanted_{side}", length, graph.Integers(settings.Input.Resize)),
                shorter);
        var size = graph.Concatenate("input.scaled_size", Scaled("height", height), Scaled("width", width));
        return graph.Resize("input.resized", x, size, "resized_height", "resized_width");
    }

    /// <summary>The middle of an image, as wide and high as the network wants it.</summary>
    private Value CutMiddle(Value x)
    {
        Value Begin(string side, int axis)
        {
            var rest = graph.Subtract($"input.{side}.rest", graph.SizeOf($"input.{side}", x, axis), graph.Integers(settings.Input.Size));
            return graph.Divide($"input.{side}.begin", rest, graph.Integers(2));
        }
        var begin = graph.Concatenate("input.begin", Begin("height", 2), Begin("width", 3));
        var end = graph.Add("input.end", begin, graph.Integers(settings.Input.Size));
        return graph.Slice(
            "input.cut", x, begin, end, [2, 3], [x.Shape[0], x.Shape[1], settings.Input.Size, settings.Input.Size]);
    }

    private Value PerColour(string name, Func<double, double, float> of) => graph.Constant(
        Initialiser.Of(
            $"input.{name}",
            ElementType.Float,
            [1, ImageInput.Channels, 1, 1],
            settings.Input.Mean.Zip(settings.Input.Deviation, of).ToArray()));
}
