using ServeBench.OnnxServer.Pipelines.ImageClassification.Images;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Png;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.WebP;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>Every kind of file that is read, held against Pillow: to the bit.</summary>
public sealed class DecoderTests
{
    public static TheoryData<string> Files { get; } = [.. RecordedImages.Names];

    [Fact]
    public void There_are_files_of_every_format()
    {
        Assert.True(RecordedImages.Names.Count(n => n.EndsWith(".jpg", StringComparison.Ordinal)) >= 20);
        Assert.True(RecordedImages.Names.Count(n => n.EndsWith(".png", StringComparison.Ordinal)) >= 12);
        Assert.True(RecordedImages.Names.Count(n => n.EndsWith(".webp", StringComparison.Ordinal)) >= 2);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_are_those_of_Pillow(string name)
    {
        var image = DecodedImage.Of(Decoder(name), RecordedImages.Read(name));
        AssertSame(RecordedImages.Read($"{name}.rgb"), [.. image.Values], name);
    }

    /// <summary>A part is what the whole has there, though the decoder passes over the rest.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Any_part_is_as_in_the_whole(string name)
    {
        var (file, decoder) = (RecordedImages.Read(name), Decoder(name));
        var size = decoder.Measure(file);
        var whole = RecordedImages.Read($"{name}.rgb");
        var random = new Random(7);
        for (var i = 0; i < 40; i++)
        {
            var (left, top) = (random.Next(size.Width), random.Next(size.Height));
            var area = new PixelArea(left, top, random.Next(left, size.Width) + 1, random.Next(top, size.Height) + 1);
            var part = new DecodedImage(area);
            decoder.Decode(file, part);
            Assert.Equal(area.Bottom - area.Top, part.Rows);
            var due = Enumerable.Range(top, area.Bottom - top).SelectMany(y => whole.Skip(((y * size.Width) + left) * 3).Take(area.Width * 3));
            AssertSame([.. due], [.. part.Values], $"{name}, {area}");
        }
    }

    private static IImageDecoder Decoder(string name)
    {
        if (!name.EndsWith(".webp", StringComparison.Ordinal)) return name.EndsWith(".png", StringComparison.Ordinal) ? new PngDecoder() : new JpegDecoder();
        Assert.SkipWhen(LibWebP.Installed is null, "there is no libwebp.so.7 here (Debian: libwebp7)");
        return new WebPDecoder();
    }

    private static void AssertSame(byte[] due, byte[] given, string what)
    {
        Assert.True(due.Length == given.Length, $"{what}: {given.Length} values, not {due.Length}");
        var wrong = Enumerable.Range(0, due.Length).Where(i => due[i] != given[i]).ToArray();
        Assert.True(
            wrong.Length == 0,
            $"{what}: {wrong.Length} of {due.Length} values differ, by up to {(wrong.Length == 0 ? 0 : wrong.Max(i => Math.Abs(due[i] - given[i])))}; the first at {(wrong.Length == 0 ? -1 : wrong[0])}");
    }
}
