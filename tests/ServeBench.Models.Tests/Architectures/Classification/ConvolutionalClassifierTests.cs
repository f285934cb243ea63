using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Architectures.Classification;

/// <summary>The exported graphs of image classifiers in ONNX Runtime against a computation that shares no code with them.</summary>
[Lane("slow")]
public sealed class ConvolutionalClassifierTests
{
    private const int Classes = 40;

    private static readonly ClassifierSettings Small = new(
        Classes,
        NormEpsilon: 1e-3,
        FoldsNorms: true,
        new ImageInput(64, 72, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        PreparesInGraph: false,
        GivesProbabilities: false,
        Top: 0);

    public static TheoryData<string> Networks { get; } = ["resnet-bottleneck", "resnet-basic", "mobilenet-v2", "mobilenet-v3-small"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Logits_agree_with_double_precision_with_norms_folded_and_kept(string network)
    {
        foreach (var folds in new[] { true, false })
        {
            using var model = Load(network, Small with { FoldsNorms = folds });
            var image = DrawnImages.Prepared(3, model.Input);
            var reference = model.Reference(image);
            var spread = reference.Max() - reference.Min();
            Assert.True(spread > 0.1, $"logits within {spread} of each other prove nothing");
            var furthest = model.Run(image).Zip(reference, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(furthest < 1e-4 * spread, $"{network}, norms folded: {folds}: {furthest} of a spread of {spread}");
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Images_of_a_batch_do_not_touch_each_other(string network)
    {
        using var model = Load(network, Small);
        var (one, two) = (DrawnImages.Prepared(5, model.Input), DrawnImages.Prepared(6, model.Input));
        var together = model.Run([.. one, .. two]);
        Assert.All(model.Run(one).Concat(model.Run(two)).Zip(together), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Seeded_weights_tell_images_apart(string network)
    {
        using var model = Load(network, Small);
        var best = Enumerable.Range(10, 16).Select(seed => Best(model.Run(DrawnImages.Prepared(seed, model.Input)))).ToArray();
        Assert.True(best.Distinct().Count() >= 6, $"{network}: 16 images fall into classes {string.Join(", ", best)}");
    }

    [Theory]
    [InlineData(96, 72)]
    [InlineData(75, 131)]
    [InlineData(40, 60)]
    public void Images_are_prepared_in_the_graph_as_outside(int height, int width)
    {
        using var inside = Load("mobilenet-v3-small", Small with { PreparesInGraph = true });
        using var outside = Load("mobilenet-v3-small", Small);
        var image = DrawnImages.Decoded(4, height, width);
        var prepared = PreparedByFormula(image, height, width, outside.Input);
        Assert.All(
            inside.Run(image, height, width).Zip(outside.Run(prepared)), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void The_best_classes_come_first_with_their_probabilities()
    {
        using var all = Load("mobilenet-v2", Small with { GivesProbabilities = true });
        using var top = Load("mobilenet-v2", Small with { GivesProbabilities = true, Top = 5 });
        var image = DrawnImages.Prepared(8, all.Input);
        var probabilities = all.RunAll(image)["probabilities"];
        Assert.Equal(1, probabilities.Sum(), 1e-5);
        var due = probabilities.Select((p, c) => (Probability: p, Class: c)).OrderByDescending(p => p.Probability).Take(5).ToArray();
        var given = top.RunAll(image);
        Assert.Equal(due.Select(d => (double)d.Class), given["classes"]);
        Assert.All(due.Zip(given["scores"]), pair => Assert.Equal(pair.First.Probability, pair.Second, 1e-6));
    }

    private static SeededClassifier Load(string network, ClassifierSettings settings) => network switch
    {
        "resnet-bottleneck" => new(new ResNet(), new ResNetSettings([2, 1, 1, 2], HasBottlenecks: true, settings)),
        "resnet-basic" => new(new ResNet(), new ResNetSettings([2, 1, 2, 1], HasBottlenecks: false, settings)),
        "mobilenet-v2" => new(new MobileNetV2(), settings),
        _ => new(new MobileNetV3Small(), settings),
    };

    private static int Best(float[] logits) => Array.IndexOf(logits, logits.Max());

    /// <summary>
    /// The preparation from its definition: a triangle filter as wide as the scale where the image shrinks, its weights summing to one
    /// (Pillow's ImagingResample), on rows and then on columns; the middle; the normalisation.
    /// </summary>
    private static float[] PreparedByFormula(byte[] image, int height, int width, ImageInput input)
    {
        var shorter = Math.Min(height, width);
        var (newHeight, newWidth) = (input.Resize * height / shorter, input.Resize * width / shorter);
        var planes = new float[3 * input.Size * input.Size];
        for (var colour = 0; colour < 3; colour++)
        {
            var plane = new double[height, width];
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++) plane[y, x] = image[(((y * width) + x) * 3) + colour];
            }
            var rows = Resized(plane, newHeight, byRow: true);
            var both = Resized(rows, newWidth, byRow: false);
            var (top, left) = ((newHeight - input.Size) / 2, (newWidth - input.Size) / 2);
            for (var i = 0; i < input.Size * input.Size; i++)
            {
                var value = both[top + (i / input.Size), left + (i % input.Size)] / 255;
                planes[(colour * input.Size * input.Size) + i] = (float)((value - input.Mean[colour]) / input.Deviation[colour]);
            }
        }
        return planes;
    }

    private static double[,] Resized(double[,] from, int size, bool byRow)
    {
        var (height, width) = (from.GetLength(0), from.GetLength(1));
        var length = byRow ? height : width;
        var to = byRow ? new double[size, width] : new double[height, size];
        var scale = (double)length / size;
        var support = Math.Max(scale, 1);
        for (var i = 0; i < size; i++)
        {
            var centre = ((i + 0.5) * scale) - 0.5;
            var weights = Enumerable.Range(0, length)
                .Select(at => (At: at, Weight: Math.Max(0, 1 - (Math.Abs(at - centre) / support))))
                .Where(w => w.Weight > 0)
                .ToArray();
            var sum = weights.Sum(w => w.Weight);
            for (var other = 0; other < (byRow ? width : height); other++)
            {
                var value = weights.Sum(w => w.Weight * (byRow ? from[w.At, other] : from[other, w.At])) / sum;
                if (byRow) to[i, other] = value;
                else to[other, i] = value;
            }
        }
        return to;
    }
}
