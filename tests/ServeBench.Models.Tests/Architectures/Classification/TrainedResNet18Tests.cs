using System.Numerics.Tensors;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Architectures.Classification;

/// <summary>
/// The exporter on trained weights, against a graph of the same network that another program wrote: operators on values that mean
/// something, and features by which photographs are told apart.
/// </summary>
[Lane("slow")]
public sealed class TrainedResNet18Tests
{
    /// <summary>The package calls it ResNet-18; its last stage has a third block.</summary>
    private static readonly ResNetSettings Settings = new(
        [2, 2, 2, 3],
        HasBottlenecks: false,
        new ClassifierSettings(PackagedResNet18.Features, 1e-5, FoldsNorms: true, new ImageInput(224, 256, [0, 0, 0], [1, 1, 1]), false, false, 0));

    /// <summary>Whole levels from 0 to 255, red first: our preparation with nothing taken off and nothing divided.</summary>
    private static readonly ManifestImageInput Levels = new(
        224, 256, ManifestImageInput.Bilinear, [0, 0, 0], [1.0 / 255, 1.0 / 255, 1.0 / 255], ManifestImageInput.Outside);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Features_are_those_of_the_packages_own_graph(bool folds)
    {
        using var package = PackagedResNet18.Open();
        using var ours = Exported(package, Settings with { Common = Settings.Common with { FoldsNorms = folds } });
        foreach (var image in Photographs())
        {
            var prepared = package.Prepare(ReferencePreparation.Cut(image, Levels));
            var (due, given) = (package.Run(prepared), ours.Run(prepared));
            Assert.True(due.Max() > 1 && due.Count(v => v > 0) > PackagedResNet18.Features / 2, "features that are all nothing prove nothing");
            Assert.All(due.Zip(given), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * due.Max()));
        }
    }

    [Fact]
    public void Double_precision_gives_the_same()
    {
        using var package = PackagedResNet18.Open();
        using var ours = Exported(package, Settings);
        var prepared = package.Prepare(ReferencePreparation.Cut(Photographs()[0], Levels));
        var due = package.Run(prepared);
        Assert.All(due.Zip(ours.Reference(prepared)), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * due.Max()));
    }

    /// <summary>
    /// The package wants blue first and takes a mean image off, where we take one mean for each colour off and divide. What both do is
    /// the same image in the same order: its mean image has, over each colour, our mean.
    /// </summary>
    [Fact]
    public void Images_are_prepared_alike_up_to_the_order_of_colours_and_the_mean()
    {
        using var package = PackagedResNet18.Open();
        const int Plane = 224 * 224;
        var mean = package.Prepare(new float[3 * Plane]);
        double[] ours = [0.485, 0.456, 0.406];
        for (var colour = 0; colour < 3; colour++)
        {
            var share = -mean.AsSpan((2 - colour) * Plane, Plane).ToArray().Average() / 255;
            Assert.Equal(ours[colour], share, 0.01);
        }
        foreach (var image in Photographs())
        {
            var levels = ReferencePreparation.Cut(image, Levels);
            var prepared = package.Prepare(levels);
            for (var i = 0; i < levels.Length; i++)
            {
                var (colour, at) = (i / Plane, ((2 - (i / Plane)) * Plane) + (i % Plane));
                Assert.True(Math.Abs(levels[i] + mean[at] - prepared[at]) < 1e-3, $"colour {colour}, pixel {i % Plane}");
            }
        }
    }

    [Fact]
    public void Two_cuts_of_a_photograph_are_nearer_than_two_photographs()
    {
        using var package = PackagedResNet18.Open();
        using var ours = Exported(package, Settings);
        float[] At(ReferenceImage image, bool first) => ours.Run(package.Prepare(ReferencePreparation.Cut(
            image, Levels, first ? 0 : image.Width - Levels.Size, first ? 0 : image.Height - Levels.Size)));
        var cuts = Photographs().Select(p => (First: At(p, true), Last: At(p, false))).ToArray();
        var same = cuts.Min(c => TensorPrimitives.CosineSimilarity<float>(c.First, c.Last));
        var others = Enumerable.Range(0, cuts.Length)
            .SelectMany(i => Enumerable.Range(0, cuts.Length).Where(j => j != i).Select(j => TensorPrimitives.CosineSimilarity<float>(cuts[i].First, cuts[j].Last)))
            .Max();
        TestContext.Current.TestOutputHelper!.WriteLine($"cosine of two cuts of one photograph: {same:0.000} at least; of two photographs: {others:0.000} at most");
        Assert.True(same > others, $"{same} and {others}");
    }

    private static SeededClassifier Exported(PackagedResNet18 package, ResNetSettings settings)
    {
        var checkpoint = package.Checkpoint(settings).ToBytes();
        return new SeededClassifier(new ResNet(), settings, output => output.Write(checkpoint));
    }

    private static ReferenceImage[] Photographs() => [.. ReferenceImages.All.Select(i => ReferencePreparation.Resize(ReferenceJpeg.Decode(i.Bytes), Levels.Resize))];
}
