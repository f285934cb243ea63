using System.Globalization;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Inference;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Measurements;

/// <summary>
/// How far logits move, in standard deviations, when an image is decoded, scaled or cut otherwise than the references: what servers may
/// differ by, and what is wrong. The limits of the model cards lie between the two.
/// <code>ServeBench.Models.Tests -explicit only -class ServeBench.Models.Tests.Measurements.DecoderDifferences -showLiveOutput</code>
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class DecoderDifferences
{
    private static readonly (string Title, Func<ReferenceImage, ManifestImageInput, float[]> Prepare)[] Ways =
    [
        ("levels that differ by up to 1", (image, input) => ReferencePreparation.Prepare(Noisy(image, 1), input)),
        ("levels that differ by up to 4", (image, input) => ReferencePreparation.Prepare(Noisy(image, 4), input)),
        ("levels that differ by up to 1 after scaling", (image, input) => ReferencePreparation.Cut(Noisy(ReferencePreparation.Resize(image, input.Resize), 1), input)),
        ("cut one pixel to the side", (image, input) => Cut(image, input, 1)),
        ("scaled without antialiasing", (image, input) => ReferencePreparation.Cut(Pointwise(image, input.Resize), input)),
        ("blue and red exchanged", (image, input) => ReferencePreparation.Prepare(Exchanged(image), input)),
        ("no mean taken off", (image, input) => ReferencePreparation.Prepare(image, input with { Mean = [0, 0, 0] })),
    ];

    [Theory(Explicit = true)]
    [InlineData("mobilenet-v3-small")]
    [InlineData("mobilenet-v2")]
    [InlineData("resnet50")]
    public async Task Logits_move_by(string name)
    {
        var store = new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages);
        var artifact = await store.PrepareAsync(Repository.Card(name), new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, TestContext.Current.CancellationToken);
        using var session = ClassifierSession.Load(artifact.Folder, new SessionSettings());
        var images = ReferenceImages.All.Select(i => ReferenceJpeg.Decode(i.Bytes)).ToArray();
        foreach (var (title, prepare) in Ways)
        {
            var differences = new List<double>();
            var same = 0;
            foreach (var (image, reference) in images.Zip(session.Manifest.References))
            {
                var logits = new float[session.Manifest.Classes];
                session.Run(prepare(image, session.Manifest.Input), 1, logits);
                differences.Add(LogitDistance.Largest(reference.Logits, logits));
                if (LogitDistance.Best(logits) == LogitDistance.Best(reference.Logits)) same++;
            }
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {title} | {differences.Min():0.0000} to {differences.Max():0.0000} | {same} of {images.Length} |"));
        }
    }

    private static ReferenceImage Noisy(ReferenceImage image, int most)
    {
        var random = new Random(1);
        return image with { Pixels = [.. image.Pixels.Select(v => (byte)Math.Clamp(v + random.Next(-most, most + 1), 0, 255))] };
    }

    private static ReferenceImage Exchanged(ReferenceImage image) =>
        image with { Pixels = [.. image.Pixels.Chunk(3).SelectMany(p => new[] { p[2], p[1], p[0] })] };

    private static float[] Cut(ReferenceImage image, ManifestImageInput input, int aside)
    {
        var resized = ReferencePreparation.Resize(image, input.Resize);
        // To the side on which there is room.
        var isWide = resized.Width > resized.Height;
        return ReferencePreparation.Cut(resized, input, ((resized.Width - input.Size) / 2) + (isWide ? aside : 0), ((resized.Height - input.Size) / 2) + (isWide ? 0 : aside));
    }

    /// <summary>Every new pixel is the mean of the four old ones around its centre, however much smaller the image becomes.</summary>
    private static ReferenceImage Pointwise(ReferenceImage image, int shorterSide)
    {
        var shorter = Math.Min(image.Width, image.Height);
        var (width, height) = (image.Width * shorterSide / shorter, image.Height * shorterSide / shorter);
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (Place(i / 3 % width, width, image.Width), Place(i / 3 / width, height, image.Height));
            double At(int column, int row) => image.Pixels[(((Math.Min(row, image.Height - 1) * image.Width) + Math.Min(column, image.Width - 1)) * 3) + (i % 3)];
            var (left, top) = ((int)x, (int)y);
            var (right, down) = (x - left, y - top);
            var upper = (At(left, top) * (1 - right)) + (At(left + 1, top) * right);
            var lower = (At(left, top + 1) * (1 - right)) + (At(left + 1, top + 1) * right);
            pixels[i] = (byte)Math.Round((upper * (1 - down)) + (lower * down));
        }
        return new ReferenceImage(width, height, pixels);
    }

    private static double Place(int at, int size, int from) => Math.Max(0, ((at + 0.5) * from / size) - 0.5);
}
