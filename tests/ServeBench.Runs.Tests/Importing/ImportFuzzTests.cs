using System.Globalization;
using System.Text;
using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Runs.Importing;

namespace ServeBench.Runs.Tests.Importing;

/// <summary>Changed files of every format are refused or read, never crash, and never take more memory than is said here.
/// <c>--target=Evidence --what=fuzz-imports</c> runs it at length.</summary>
[Lane("slow")]
public sealed class ImportFuzzTests : IDisposable
{
    /// <summary>Bytes that reading one of these files, of at most 64 KiB, may allocate in all; more than it holds at any time.</summary>
    private const long Bound = 48 << 20;

    private static readonly string[] Oddities =
    [
        "-1", "0", "1e308", "-1e308", "NaN", "Infinity", "99999999999999999999", "9223372036854775807", "1e-320", "", " ", "null", "{}", "[]", "\"", "\"\"", ",", "\t", "\n", "\r",
        "\0", "N/A", "%", "\\ud800", "\u20ac", "1,000", "0x10", "true", "}", "]", "{", "[", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    ];

    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Changed_files_are_refused_or_read()
    {
        var (files, seed) = (Fuzzing.Files(usual: 3_000), Fuzzing.Seed(usual: 1));
        // Many files are parts, each with a seed of its own.
        var each = Math.Min(files, 5_000);
        var threads = files / each;
        var count = threads * each;
        var parts = new (int Read, int Refused, long Most)[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, part => parts[part] = Part(each, seed + part));
        var (read, refused) = (parts.Sum(p => p.Read), parts.Sum(p => p.Refused));
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{count} files from seed {seed} on: {read} read, {refused} refused; at most {parts.Max(p => p.Most) / 1024.0 / 1024:0.0} MiB were allocated for one"));
        Assert.True(read > count / 20, $"only {read} of {count} were read: the changes are too coarse to test anything");
        Assert.True(refused > count / 20, $"only {refused} of {count} were refused");
    }

    private (int Read, int Refused, long Most) Part(int count, int seed)
    {
        var random = new Random(seed);
        var names = Samples.All.Keys.ToArray();
        var file = Path.Combine(_folder.Path, FormattableString.Invariant($"changed-{seed}"));
        var (read, refused, most) = (0, 0, 0L);
        for (var i = 0; i < count; i++)
        {
            var name = names[i % names.Length];
            var bytes = Changed(random, Samples.All[name], Samples.All[names[random.Next(names.Length)]]);
            File.WriteAllBytes(file, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Sane(Importer.Read([file], name));
                read++;
            }
            catch (Exception e) when (e is RunFailedException or FaultException)
            {
                refused++;
            }
            catch (Exception e)
            {
                var kept = Path.Combine(Path.GetTempPath(), $"servebench-fuzz-{seed.ToString(CultureInfo.InvariantCulture)}-{i.ToString(CultureInfo.InvariantCulture)}");
                File.Copy(file, kept, overwrite: true);
                Assert.Fail($"{name}, input {i} of {Fuzzing.SeedVariable}={seed} (kept as {kept}): {e}");
            }
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(most <= Bound, $"{name}, input {i} of {Fuzzing.SeedVariable}={seed}: {most} bytes were allocated");
        }
        return (read, refused, most);
    }

    private static byte[] Changed(Random random, string text, string other)
    {
        var changed = new StringBuilder(text);
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(changed.Length + 1);
            var length = Math.Min(random.Next(1, 1 << random.Next(1, 10)), changed.Length - at);
            switch (random.Next(8))
            {
                case 0: changed.Remove(at, length); break;
                case 1: changed.Insert(at, Oddities[random.Next(Oddities.Length)]); break;
                case 2: Number(random, changed, at); break;
                case 3: changed.Length = at; break;
                case 4: changed.Insert(at, other[random.Next(other.Length)]); break;
                case 5: changed.Insert(at, changed.ToString(at, length)); break;
                case 6 when at < changed.Length: changed[at] = (char)random.Next(random.Next(4) == 0 ? 0x10000 : 128); break;
                default:
                    var from = random.Next(other.Length);
                    changed.Insert(at, other.AsSpan(from, Math.Min(length, other.Length - from)));
                    break;
            }
        }
        var bytes = random.Next(5) == 0 ? ImportFolder.Gzip(changed.ToString()) : Encoding.UTF8.GetBytes(changed.ToString());
        for (var n = random.Next(4) == 0 ? random.Next(1, 4) : 0; n > 0 && bytes.Length > 0; n--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return random.Next(20) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    /// <summary>Replaces the number nearest to a place, which is what a file is most likely wrong in.</summary>
    private static void Number(Random random, StringBuilder text, int at)
    {
        while (at < text.Length && !char.IsAsciiDigit(text[at])) at++;
        var end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.')) end++;
        text.Remove(at, end - at).Insert(at, Oddities[random.Next(Oddities.Length)]);
    }

    private static void Sane(ImportedRecord record)
    {
        Assert.True(record.Requests is null or >= 0 && record.Failures is null or >= 0, "counts are not negative");
        Assert.True(record.Requests is null || record.Failures is null || record.Failures <= record.Requests, "more failures than requests");
        Assert.True(record.RequestsPerSecond is null || (record.RequestsPerSecond >= 0 && double.IsFinite(record.RequestsPerSecond.Value)), "a rate that cannot be");
        foreach (var latency in new[] { record.Service, record.EndToEnd }.OfType<ImportedLatency>())
            foreach (var value in new[] { latency.P50, latency.P90, latency.P95, latency.P99, latency.P999 })
                Assert.True(value is null || (value >= 0 && double.IsFinite(value.Value)), "a latency that cannot be");
        Assert.DoesNotContain("pl4nted", JsonSerializer.Serialize(record, DomainJson.Readable.ImportedRecord), StringComparison.Ordinal);
    }
}
