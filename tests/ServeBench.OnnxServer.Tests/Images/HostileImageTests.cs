using System.Buffers.Binary;
using System.IO.Hashing;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>Files that lie, are damaged, or are of kinds that are not read: each is refused, and says why.</summary>
[Lane("slow")]
public sealed class HostileImageTests
{
    private static readonly ManifestImageInput Input = new(16, 24, ManifestImageInput.Bilinear, [0, 0, 0], [1, 1, 1], ManifestImageInput.Outside);

    private static readonly string[] Whole = ["420.jpg", "progressive-420.jpg", "three-scans.jpg", "restart.jpg", "rgb.png", "interlaced.png", "palette-4.png", "cmyk.jpg", "rgb-16.png"];

    private readonly ImageReader _reader = new(1 << 20);

    [Theory]
    [InlineData("bitmap.bmp", "no format that this server reads (JPEG, PNG, WebP)")]
    [InlineData("lossy-image.gif", "no format that this server reads")]
    public void What_is_not_read_is_named(string name, string why) => Assert.Contains(why, Refusal(RecordedImages.Read(name)), StringComparison.Ordinal);

    [Fact]
    public void An_animation_is_not_read_as_its_first_image()
    {
        var why = Refusal(RecordedImages.Read("animated.webp"));
        Assert.True(why.Contains("animated", StringComparison.Ordinal) || why.Contains("libwebp", StringComparison.Ordinal), why);
    }

    [Fact]
    public void Nothing_is_no_image() => Assert.Equal("is empty", Refusal([]));

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_refused()
    {
        foreach (var name in Whole)
        {
            var file = RecordedImages.Read(name);
            // The last bytes of a JPEG may be missing: its end, and filling bits before it. Those of a PNG not.
            var enough = file.Length - (name.EndsWith(".jpg", StringComparison.Ordinal) ? 4 : 0);
            for (var length = 0; length < enough; length++)
                Assert.True(TryRead(file[..length]) is { Length: > 0 }, $"{name}, {length} of {file.Length} bytes");
        }
    }

    [Theory]
    [InlineData(0, 37)]
    [InlineData(53, 0)]
    public void A_size_of_nothing_is_refused(int width, int height)
    {
        Assert.Contains("its size is", Refusal(Resized("420.jpg", width, height)), StringComparison.Ordinal);
        Assert.Contains("its size is", Refusal(Resized("rgb.png", width, height)), StringComparison.Ordinal);
    }

    /// <summary>A few hundred bytes speak of gigabytes: nothing of that may be taken.</summary>
    [Theory]
    [InlineData("420.jpg")]
    [InlineData("progressive-420.jpg")]
    [InlineData("rgb.png")]
    [InlineData("interlaced.png")]
    public void A_size_over_the_limit_is_refused_before_anything_is_decoded(string name)
    {
        var file = Resized(name, 65500, 65500);
        Refusal(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("65500x65500 pixels, more than 1048576, the limit of this server (--max-pixels)", Refusal(file), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    /// <summary>A row of a thousand bytes' file may be of any length: rows are in memory, whatever the limit of pixels.</summary>
    [Theory]
    [InlineData(65536, 1)]
    [InlineData(1, 65536)]
    [InlineData(1 << 28, 1)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(-1, -1)]
    public void A_side_that_is_too_long_is_refused_whatever_the_limit_of_pixels(int width, int height)
    {
        var reader = new ImageReader(1 << 28);
        foreach (var name in new[] { "rgb.png", "interlaced.png", "rgb-16.png" })
        {
            var file = Resized(name, width, height);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains($"has {(uint)width}x{(uint)height} pixels, a side of more than 65535", Assert.Throws<UnreadableImageException>(() => reader.ReadCentre(file, Input)).Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
        }
    }

    /// <summary>The longest sides, and the most pixels that an option allows, overflow nothing: the file does not hold them, and is refused.</summary>
    [Theory]
    [InlineData(65535, 1)]
    [InlineData(1, 65535)]
    [InlineData(65535, 4096)]
    public void The_longest_sides_are_taken(int width, int height)
    {
        var reader = new ImageReader(1 << 28);
        foreach (var name in new[] { "420.jpg", "rgb.png", "rgb-16.png" })
        {
            var file = Resized(name, width, height);
            Assert.Equal(new ImageSize(width, height), reader.Measure(file));
            Assert.Throws<UnreadableImageException>(() => reader.ReadCentre(file, Input));
        }
    }

    [Fact]
    public void A_canvas_of_WebP_that_is_too_large_is_refused()
    {
        byte[] file = [.. "RIFF"u8, 22, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    /// <summary>A scan of thirty bytes that says "nothing changes" goes over every coefficient all the same.</summary>
    [Fact]
    public void Scans_that_only_cost_time_are_refused()
    {
        Assert.Null(TryRead(ManyScans.File(1000, refinements: 4)));
        var file = ManyScans.File(1000, refinements: 200);
        Assert.InRange(file.Length, 0, 40_000);
        Assert.Contains("scans read all coefficients more than 10 times", Refusal(file), StringComparison.Ordinal);
        // A small image may have as many as it likes, up to the limit of scans.
        Assert.Null(TryRead(ManyScans.File(64, refinements: 200)));
        Assert.Contains("more than 256 scans", Refusal(ManyScans.File(8, refinements: 300)), StringComparison.Ordinal);
    }

    /// <summary>What an interval lacks is not made up for with zeros, as long as a marker follows.</summary>
    [Fact]
    public void An_interval_without_its_data_is_refused()
    {
        var file = RecordedImages.Read("restart.jpg");
        // Its intervals are half a row of units: this one ends in the middle of a row, at whose end it would be seen otherwise.
        var first = file.AsSpan().IndexOf<byte>([0xFF, 0xD1]);
        var second = file.AsSpan().IndexOf<byte>([0xFF, 0xD2]);
        Assert.InRange(first, 1, second - 4);
        Assert.Contains("the data before a restart marker ends too early", Refusal([.. file[..(first + 2)], .. file[second..]]), StringComparison.Ordinal);
    }

    /// <summary>RFC 1950, 2.2: the decoder of the rows has an exception of its own for it.</summary>
    [Fact]
    public void Rows_that_need_a_dictionary_are_refused()
    {
        var file = RecordedImages.Read("rgb.png");
        var data = file.AsSpan().IndexOf("IDAT"u8) + 4;
        (file[data], file[data + 1]) = (0x78, 0x20);
        Mend(file);
        Assert.Contains("is damaged", Refusal(file), StringComparison.Ordinal);
    }

    /// <summary>Damage ends with a refusal or with some image, never with anything else, and the next image is not the worse for it.</summary>
    [Fact]
    public void Damaged_files_are_read_or_refused_and_nothing_else()
    {
        var (files, seed) = (Settings.Number("SERVEBENCH_FUZZ_IMAGES", 4000), Settings.Number("SERVEBENCH_FUZZ_SEED", 1));
        var random = new Random(seed);
        string[] names = [.. RecordedImages.Names];
        var refused = 0;
        for (var i = 0; i < files; i++)
        {
            var name = names[random.Next(names.Length)];
            var file = Damage(RecordedImages.Read(name), random);
            try
            {
                if (TryRead(file) is not null) refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{name}, image {i} of SERVEBENCH_FUZZ_SEED={seed}: {e}");
            }
        }
        // Some are still images, or the damage proves little; most are not.
        Assert.InRange(refused, files / 4, files - (files / 50));
        var planes = _reader.ReadCentre(RecordedImages.Read("420.jpg"), Input);
        var due = RecordedImages.Read("420.jpg.24-16");
        Assert.All(Enumerable.Range(0, due.Length), k => Assert.Equal(due[k], planes[(k % 3 * 256) + (k / 3)]));
    }

    private string Refusal(byte[] file) => TryRead(file) ?? throw new InvalidOperationException("the file was read");

    /// <returns>Why the file is refused; null when it is read.</returns>
    private string? TryRead(byte[] file)
    {
        try
        {
            _reader.ReadCentre(file, Input);
            return null;
        }
        catch (UnreadableImageException e)
        {
            return e.Message;
        }
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        for (var times = 1 + random.Next(4); times > 0; times--)
        {
            var at = random.Next(file.Length);
            switch (random.Next(4))
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    file = [.. file[..at], .. file[Math.Min(file.Length, at + random.Next(1, 9))..]];
                    break;
                default:
                    file = [.. file[..at], .. file[random.Next(file.Length)..]];
                    break;
            }
            if (file.Length < 4) return file;
        }
        if (file.AsSpan().StartsWith<byte>([0x89, (byte)'P']) && random.Next(2) == 0) Mend(file);
        return file;
    }

    /// <summary>Makes the sums of a PNG's chunks right, so that damage gets behind them.</summary>
    private static void Mend(byte[] file)
    {
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12) return;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), Crc32.HashToUInt32(file.AsSpan(at + 4, (int)length + 4)));
            at += 12 + (int)length;
        }
    }

    /// <summary>A file whose head says another size.</summary>
    internal static byte[] Resized(string name, int width, int height)
    {
        var file = RecordedImages.Read(name);
        if (name.EndsWith(".png", StringComparison.Ordinal))
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
            Mend(file);
            return file;
        }
        var at = 2;
        while (file[at + 1] is not (0xC0 or 0xC2)) at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at + 7), (ushort)width);
        return file;
    }
}
