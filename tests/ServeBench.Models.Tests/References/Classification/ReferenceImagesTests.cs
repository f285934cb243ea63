using System.Security.Cryptography;
using System.Text.Json;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.References.Classification;

/// <summary>Decoding and resizing against Pillow, recorded by Recording/images.py.</summary>
public sealed class ReferenceImagesTests
{
    public static TheoryData<string> Names => [.. ReferenceImages.All.Select(i => i.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_pixel_is_Pillows(string name)
    {
        using var recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "ServeBench.Models.Tests", "Vectors", "reference-images.json")));
        var due = recorded.RootElement.GetProperty("images").GetProperty(name);
        var image = ReferenceJpeg.Decode(ReferenceImages.All.Single(i => i.Name == name).Bytes);
        Assert.Equal((due.GetProperty("width").GetInt32(), due.GetProperty("height").GetInt32()), (image.Width, image.Height));
        Assert.Equal(due.GetProperty("decoded").GetString(), Digest(image));
        Assert.Equal(due.GetProperty("resized").GetString(), Digest(ReferencePreparation.Resize(image, 256)));
    }

    /// <summary>Files of which Pillow's pixels are recorded for the server's own decoder.</summary>
    [Theory]
    [InlineData("420.jpg")]
    [InlineData("422.jpg")]
    [InlineData("444.jpg")]
    [InlineData("grey.jpg")]
    [InlineData("restart.jpg")]
    [InlineData("rgb.jpg")]
    public void Other_files_are_decoded_as_Pillow_does_it(string name) => Assert.Equal(Vector($"{name}.rgb"), ReferenceJpeg.Decode(Vector(name)).Pixels);

    /// <summary>Three colours are red, green and blue where Adobe's segment or their names say so, but not in a JFIF file.</summary>
    [Fact]
    public void Colours_are_converted_unless_the_file_says_that_they_are_red_green_and_blue()
    {
        var (file, due) = (Vector("rgb.jpg"), Vector("rgb.jpg.rgb"));
        Assert.Equal([0xFF, 0xEE, 0, 14], file[2..6]);
        byte[] plain = [.. file[..2], .. file[18..]];
        Assert.Equal(due, ReferenceJpeg.Decode(plain).Pixels);
        byte[] named = [.. file];
        named[17] = 1;
        Assert.NotEqual(due, ReferenceJpeg.Decode(named).Pixels);
        byte[] jfif = [.. file[..2], 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0, .. file[2..]];
        Assert.NotEqual(due, ReferenceJpeg.Decode(jfif).Pixels);
    }

    [Fact]
    public void They_are_of_several_kinds()
    {
        var images = ReferenceImages.All.Select(i => ReferenceJpeg.Decode(i.Bytes)).ToArray();
        Assert.True(images.Length >= 6, $"{images.Length} images are few");
        Assert.Contains(images, i => i.Width > i.Height);
        Assert.Contains(images, i => i.Width < i.Height);
        Assert.Contains(images, i => i.Width % 2 == 1 && i.Height % 2 == 1);
    }

    [Fact]
    public void A_square_is_cut_out_of_the_middle_and_normalised()
    {
        var image = new ReferenceImage(40, 34, [.. Enumerable.Range(0, 40 * 34).SelectMany(i => new[] { (byte)(i % 40), (byte)(i / 40), (byte)255 })]);
        var cut = ReferencePreparation.Cut(image, new(32, 34, "bilinear", [0, 0, 0.5], [1 / 255.0, 1 / 255.0, 0.25], "outside"));
        Assert.Equal((4f, 35f, 1f, 2f), (cut[0], cut[31], cut[32 * 32], cut[2 * 32 * 32]));
    }

    public static TheoryData<string, Func<byte[], byte[]>> Damaged { get; } = new()
    {
        { "ends before its image does", file => file[..(file.Length / 2)] },
        { "ends too early or contradicts itself", file => file[..100] },
        { "does not begin as a JPEG file", file => [1, 2, 3, .. file] },
        { "does not begin as a JPEG file", _ => [] },
        { "only sequential JPEG files", file => Marked(file, 0xC2) },
        { "only sequential JPEG files", file => Marked(file, 0xC9) },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void What_is_no_such_file_is_refused_with_the_reason(string reason, Func<byte[], byte[]> damage)
    {
        var failure = Assert.Throws<InvalidDataException>(() => ReferenceJpeg.Decode(damage(ReferenceImages.All[0].Bytes)));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever bytes are changed, it ends with an image or with the reason.</summary>
    [Fact]
    [Lane("slow")]
    public void Changed_files_never_break_it()
    {
        var random = new Random(15);
        for (var i = 0; i < 300; i++)
        {
            var file = ReferenceImages.All[i % ReferenceImages.All.Count].Bytes.ToArray();
            for (var change = 0; change < 4; change++) file[random.Next(i % 2 == 0 ? 700 : file.Length)] = (byte)random.Next(256);
            try
            {
                // A changed size may ask for a large image, but not for one without end.
                ReferenceJpeg.Decode(file);
            }
            catch (InvalidDataException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static byte[] Vector(string name) =>
        File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "ServeBench.OnnxServer.Tests", "Images", "Vectors", name));

    private static byte[] Marked(byte[] file, byte marker)
    {
        var changed = file.ToArray();
        var at = Enumerable.Range(0, file.Length - 1).First(i => file[i] == 0xFF && file[i + 1] == 0xC0);
        changed[at + 1] = marker;
        return changed;
    }

    private static string Digest(ReferenceImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels));
}
