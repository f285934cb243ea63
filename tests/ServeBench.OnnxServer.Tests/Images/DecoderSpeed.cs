using System.Diagnostics;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Resizing;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>
/// What the decoders take for the large photograph of the workloads, on one thread (docs/decisions/0135). Judges nothing; run it on a
/// machine that does nothing else: <c>./build.sh --target=Evidence --what=decoder-speed</c>.
/// </summary>
public sealed class DecoderSpeed
{
    private const int Rounds = 400;

    [Fact(Explicit = true)]
    public void The_table_of_the_decision()
    {
        var file = File.ReadAllBytes(Path.Combine(Repository.Root, "k6", "data", "photographs", "large.jpg"));
        var (decoder, reader) = (new JpegDecoder(), new ImageReader(1 << 25));
        var size = decoder.Measure(file);
        var input = new ManifestImageInput(224, 256, ManifestImageInput.Bilinear, [0, 0, 0], [1, 1, 1], ManifestImageInput.Outside);
        Report($"{size}, {file.Length} bytes");
        var all = new Thrown(new PixelArea(0, 0, size.Width, size.Height));
        Measure("ours, all pixels", () => decoder.Decode(file, all));
        var centre = new ResizedCentre();
        centre.Begin(size, input, new byte[3 * 224 * 224]);
        var part = new Thrown(centre.Wanted);
        Measure("ours, the pixels that are needed", () => decoder.Decode(file, part));
        Measure("ours, decoded, scaled and cut", () => System.Buffers.ArrayPool<byte>.Shared.Return(reader.ReadCentre(file, input)));
        if (!LibTurboJpeg.IsInstalled) return;
        var handle = LibTurboJpeg.Begin();
        var pixels = new uint[size.Pixels];
        Measure("libturbojpeg, all pixels", () => LibTurboJpeg.Decode(handle, file, pixels, size.Width, size.Height));
        Assert.Equal(0, LibTurboJpeg.End(handle));
    }

    private static void Measure(string what, Action action)
    {
        for (var i = 0; i < Rounds / 4; i++) action();
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var began = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
        Array.Sort(times);
        Report($"{what}: median {times[Rounds / 2]:0.00} ms, least {times[0]:0.00} ms");
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    /// <summary>Takes rows and keeps nothing.</summary>
    private sealed class Thrown(PixelArea wanted) : IPixelRows
    {
        private readonly uint[] _room = new uint[wanted.Width + IPixelRows.Slack];

        public PixelArea Wanted => wanted;

        public Span<uint> Room => _room;

        public void Commit(int row)
        {
        }
    }
}
