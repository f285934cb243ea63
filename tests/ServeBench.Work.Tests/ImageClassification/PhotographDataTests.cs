using System.Globalization;
using System.Text.Json;
using ServeBench.Models.References.Classification;
using ServeBench.Work.ImageClassification;

namespace ServeBench.Work.Tests.ImageClassification;

/// <summary>What documents and workloads of this repository say of its photographs.</summary>
public sealed class PhotographDataTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Photographs = Path.Combine(Root, "k6", "data", "photographs");

    /// <summary>The published payload has "304 KB": whichever of 1,000 and 1,024 bytes is meant, ours is as large within 1.3 %.</summary>
    [Fact]
    public void The_large_photograph_is_as_large_as_the_published_payload()
    {
        var bytes = File.ReadAllBytes(Path.Combine(Photographs, "large.jpg"));
        var encoded = Convert.ToBase64String(bytes).Length;
        Assert.InRange(encoded, 304 * 1024 / 1.013, 304_000 * 1.013);
        var image = ReferenceJpeg.Decode(bytes);
        string Text(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));
        var inThousands = string.Create(CultureInfo.InvariantCulture, $"{bytes.Length / 1e3:0} kB");
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"JPEG of {image.Width}x{image.Height} pixels and {bytes.Length:N0} bytes"),
            Text("docs", "decisions", "0135-images-are-decoded-here.md"),
            StringComparison.Ordinal);
        Assert.Contains($"encoded to {inThousands}", Text("k6", "data", "README.md"), StringComparison.Ordinal);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"title: One photograph of {inThousands} in JSON of {encoded / 1e3:0} kB"),
            Text("k6", "workloads", "image-classification", "published-table-2.yaml"),
            StringComparison.Ordinal);
    }

    /// <summary>Every distinct request is rendered once and kept: numbers as text would take most of a gigabyte.</summary>
    [Fact]
    public void Tensors_in_JSON_are_few()
    {
        var photograph = Directory.EnumerateFiles(Path.Combine(Photographs, "usual")).Order(StringComparer.Ordinal).First();
        var pixels = ReferencePreparation.Prepare(
            ReferenceJpeg.Decode(File.ReadAllBytes(photograph)), Drawn.Input with { Size = 224, Resize = 256 });
        var text = JsonSerializer.Serialize(pixels).Length;
        var found = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "k6", "workloads", "image-classification")))
        {
            var (protocols, payload) = CatalogueFile.Read(file, f =>
            {
                var section = f.Mapping("payload");
                Assert.Equal(ClassificationWork.PayloadKind, section.Text("kind"));
                return (f.Texts("protocols"), ImagePayload.Read(section));
            });
            if (!protocols.Contains("open-inference-images-json")) continue;
            found++;
            var all = (long)text * payload.Distinct * payload.ItemsPerRequest;
            Assert.True(all < 64 << 20, $"{file}: its requests take {all:N0} bytes");
        }
        Assert.True(found > 0, "no workload sends tensors in JSON");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
