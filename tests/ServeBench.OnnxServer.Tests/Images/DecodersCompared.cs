using System.Diagnostics;
using System.Globalization;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Tests.Images.Compared;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>
/// Our way from a JPEG file to what a network sees beside those of libraries, by turns on one thread, over the photographs of the workloads:
/// what it takes, what native code it needs, and how far its levels are from Pillow's, which ours equal to the bit
/// (<see cref="DecoderTests"/>, <see cref="ResizingTests"/>). The table of docs/decisions/0135; judges nothing:
/// <c>./build.sh --target=Evidence --what=decoders-compared</c>.
/// </summary>
public sealed class DecodersCompared
{
    private const int Rounds = 60;
    private const int WarmUpRounds = 10;

    private static readonly ManifestImageInput Input = new(224, 256, ManifestImageInput.Bilinear, [0, 0, 0], [1, 1, 1], ManifestImageInput.Outside);

    [Fact(Explicit = true)]
    public void The_table_of_the_decision()
    {
        var folder = Path.Combine(Repository.Root, "k6", "data", "photographs");
        Compare("one of 1024x819, 231 kB", [File.ReadAllBytes(Path.Combine(folder, "large.jpg"))]);
        Compare("nine of 18 to 113 kB", [.. Directory.EnumerateFiles(Path.Combine(folder, "usual"), "*.jpg").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]);
    }

    private static void Compare(string title, byte[][] files)
    {
        List<IPreparation> ways = [new OwnPreparation(), new VipsPreparation(shrinks: false), new VipsPreparation(shrinks: true), new SkiaPreparation(shrinks: false), new SkiaPreparation(shrinks: true)];
        if (LibTurboJpeg.IsInstalled) ways.Add(new TurboPreparation());
        var planes = new byte[3 * Input.Size * Input.Size];
        var times = ways.Select(_ => new double[Rounds]).ToArray();
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            for (var turn = 0; turn < ways.Count; turn++)
            {
                // Another one begins each round, so that none is always behind the same.
                var at = (turn + Math.Abs(round)) % ways.Count;
                var began = Stopwatch.GetTimestamp();
                foreach (var file in files) ways[at].Prepare(file, Input, planes);
                if (round >= 0) times[at][round] = Stopwatch.GetElapsedTime(began).TotalMilliseconds / files.Length;
            }
        }
        Report($"{title}; milliseconds for each, least of {Rounds} rounds, ratio to ours, and median; ratio to ours within rounds, median and middle half");
        foreach (var (way, at) in ways.Select((w, i) => (w, i)))
        {
            var least = times[at].Min();
            var ratios = times[at].Zip(times[0], (t, own) => t / own).Order().ToArray();
            var sorted = times[at].Order().ToArray();
            var (largest, mean) = Differences(ways[0], way, files);
            Report(string.Create(
                CultureInfo.InvariantCulture,
                $"| {way.Title} | {least:0.00} | {least / times[0].Min():0.00} | {sorted[Rounds / 2]:0.00} | {ratios[Rounds / 2]:0.00} ({ratios[Rounds / 4]:0.00} to {ratios[Rounds * 3 / 4]:0.00}) | {Megabytes(way.Library)} | {largest} | {mean:0.00} |"));
        }
        ways.ForEach(w => w.Dispose());
    }

    private static (int Largest, double Mean) Differences(IPreparation own, IPreparation other, byte[][] files)
    {
        var (due, given) = (new byte[3 * Input.Size * Input.Size], new byte[3 * Input.Size * Input.Size]);
        var (largest, sum) = (0, 0L);
        foreach (var file in files)
        {
            own.Prepare(file, Input, due);
            other.Prepare(file, Input, given);
            foreach (var (a, b) in due.Zip(given))
            {
                largest = Math.Max(largest, Math.Abs(a - b));
                sum += Math.Abs(a - b);
            }
        }
        return (largest, (double)sum / due.Length / files.Length);
    }

    /// <summary>Of the library as this process has loaded it.</summary>
    private static string Megabytes(string? library)
    {
        if (library is null) return "none";
        var path = Process.GetCurrentProcess().Modules.Cast<ProcessModule>().FirstOrDefault(m => m.FileName.Contains(library, StringComparison.Ordinal))?.FileName;
        return path is null ? "not found" : string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(path).Length / 1e6:0.0} MB");
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
