using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Tests.Catalogues;

/// <summary>The ways in which a stack is set up, and what of them is for one group of workloads.</summary>
public sealed class TrackReaderTests : IDisposable
{
    private const string Head = """
        name: s1
        title: A stack
        summary: It serves.
        licence: MIT
        groups: [g1, g2]
        protocols: [p1]
        model-format: onnx
        precision: fp32
        complexity: { score: 2, why: one file }
        hosts: { process: {} }

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void They_come_in_order_with_what_each_sets()
    {
        var tracks = Read("""
            tracks:
              tuned: { summary: more workers, environment: { WORKERS: "2" }, arguments: ["--threads=${cores}"] }
              default: { summary: as it comes }
            """).Tracks;
        Assert.Equal(["default", "tuned"], tracks.Select(t => t.Name));
        Assert.Equal(("as it comes", 0, 0), (tracks[0].Summary, tracks[0].Environment.Count, tracks[0].Arguments.Count));
        Assert.Equal("2", tracks[1].Environment["WORKERS"]);
        Assert.Equal(["--threads=${cores}"], tracks[1].Arguments);
    }

    [Fact]
    public void For_a_group_one_may_be_set_up_otherwise()
    {
        var stack = Read("""
            tracks:
              default: { summary: as it comes }
              tuned:
                summary: more
                arguments: [--more]
                groups:
                  g1: { summary: other, environment: { A: "1" } }
            """);
        var (first, second) = (stack.For("g1"), stack.For("g2"));
        Assert.Equal(["g1", "g2"], first.Groups.Concat(second.Groups));
        Assert.Equal(["as it comes", "other"], first.Tracks.Select(t => t.Summary));
        // Nothing is taken over from what it stands for.
        Assert.Equal((0, "1"), (first.Tracks[1].Arguments.Count, first.Tracks[1].Environment["A"]));
        Assert.Equal(["as it comes", "more"], second.Tracks.Select(t => t.Summary));
    }

    [Theory]
    [InlineData("tracks: { best: { summary: more } }", "no track is called 'best'")]
    [InlineData("tracks: { tuned: { summary: more, groups: { g3: { summary: other } } } }", "the stack does not serve g3")]
    [InlineData("tracks: { tuned: { summary: more, groups: { g1: { arguments: [--a] } } } }", "this key is missing")]
    [InlineData("tracks: { tuned: { summary: more, groups: { g1: { summary: other, workers: 2 } } } }", "this key is not known here")]
    [InlineData("tracks: { tuned: { summary: more, groups: {} } }", "this must not be empty")]
    public void What_is_wrong_is_named(string tracks, string problem)
    {
        var fault = Assert.Single(Assert.Throws<FaultException>(() => Read(tracks)).Faults);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.NotNull(fault.Line);
    }

    private Stack Read(string tracks)
    {
        var faults = new FaultList();
        var file = YamlFile.Read(_folder.File("stack.yaml", Head + tracks), "stack.yaml", faults)!;
        var stack = StackReader.Read(file, "/stacks/s1", new CatalogueVocabulary([new AnySection("process")], [], []));
        faults.ThrowIfAny();
        return stack;
    }
}
