using System.Buffers;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.WebP;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>Decoding, scaling and cutting, held against Pillow: to the bit.</summary>
public sealed class ResizingTests
{
    public static TheoryData<string> Files { get; } = [.. RecordedImages.Names];

    private readonly ImageReader _reader = new(1 << 20);

    [Theory]
    [MemberData(nameof(Files))]
    public void The_scaled_middle_is_that_of_Pillow(string name)
    {
        Assert.SkipWhen(name.EndsWith(".webp", StringComparison.Ordinal) && LibWebP.Installed is null, "there is no libwebp.so.7 here (Debian: libwebp7)");
        foreach (var (resize, size) in RecordedImages.Plans)
        {
            var due = RecordedImages.Read($"{name}.{resize}-{size}");
            var planes = _reader.ReadCentre(RecordedImages.Read(name), Input(resize, size));
            var plane = size * size;
            var given = Enumerable.Range(0, 3 * plane).Select(i => planes[(i % 3 * plane) + (i / 3)]).ToArray();
            ArrayPool<byte>.Shared.Return(planes);
            Assert.True(due.SequenceEqual(given), $"{name} at {resize}, {size}: {due.Zip(given).Count(p => p.First != p.Second)} of {due.Length} values differ, by up to {due.Zip(given).Max(p => Math.Abs(p.First - p.Second))}");
        }
    }

    [Fact]
    public void An_image_that_is_whole_is_given_pixel_by_pixel()
    {
        var size = _reader.Measure(RecordedImages.Read("420.jpg"));
        var values = _reader.ReadWhole(RecordedImages.Read("420.jpg"));
        Assert.Equal(new ImageSize(53, 37), size);
        Assert.Equal(RecordedImages.Read("420.jpg.rgb"), values.AsSpan(0, 53 * 37 * 3).ToArray());
    }

    /// <summary>The values that follow from the definition, one by one.</summary>
    [Fact]
    public void Normalisation_is_the_difference_from_the_mean_by_the_deviation()
    {
        byte[] values = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 7, 8, 9];
        var prepared = new float[values.Length];
        Normalisation.Apply(values, (float)(1 / (255 * 0.229)), (float)(-0.485 / 0.229), prepared);
        Assert.All(values.Zip(prepared), pair => Assert.Equal(((pair.First / 255.0) - 0.485) / 0.229, pair.Second, 1e-6));
    }

    private static ManifestImageInput Input(int resize, int size) => new(size, resize, ManifestImageInput.Bilinear, [0, 0, 0], [1, 1, 1], ManifestImageInput.Outside);
}
