using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Reports.Publishing;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>What is published can be analysed again by anyone, and says nothing of the machine's folders or of whose they are.</summary>
public sealed class PublishedRunTests : IDisposable
{
    private const string Checkout = "/home/ada-l/src/bench";

    private static readonly MachinePaths Paths = new([(Checkout, "."), ("/home/ada-l", "~"), ("/tmp/", "$TMPDIR")]);

    private readonly TemporaryFolder _temporary = new();

    private static SyntheticRun Run { get; } = new()
    {
        ChangeDeployment = d => d with { Command = $"{Checkout}/artifacts/server --model=/home/ada-l/models/m.onnx --cache=/tmp/ada-l-7" },
        Change = record => record with { Disturbance = $"see {Checkout}/artifacts/logs/x.log" },
    };

    private string Target => Path.Combine(_temporary.Path, "reports", "first");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    [Lane("slow")]
    public void It_gives_the_same_figures_again_and_names_no_folder_of_the_machine()
    {
        var run = Run.Write(_temporary.Path);
        ReportWriter.Write(run, Ct);
        PublishedRun.Write(run, Target, Paths, Ct);

        // The same report, but for what names a folder.
        foreach (var name in (string[])["results.json", "report.md"])
            Assert.Equal(Paths.RemoveFrom(File.ReadAllText(Path.Combine(run.Path, name))), File.ReadAllText(Path.Combine(Target, name)));
        foreach (var file in Directory.EnumerateFiles(Target, "*", SearchOption.AllDirectories))
        {
            var text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
            foreach (var private_ in (string[])["ada-l/", "/home", "/tmp"]) Assert.DoesNotContain(private_, text, StringComparison.Ordinal);
        }
        Assert.Contains("./artifacts/server --model=~/models/m.onnx --cache=$TMPDIR/ada-l-7", File.ReadAllText(Path.Combine(Target, "results.json")), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Target, "*.samples", SearchOption.AllDirectories));
        Assert.Equal(run.ReadManifest().Trials.Count, Directory.EnumerateFiles(Target, "*.samples.gz", SearchOption.AllDirectories).Count());

        // Somebody else renders it again, elsewhere, and publishes that once more: not a byte changes.
        var copy = Path.Combine(_temporary.Path, "copy");
        PublishedRun.Write(new RunFolder(Target), copy, Paths, Ct);
        var before = Contents(Target);
        ReportWriter.WriteToPublish(new RunFolder(Target), Ct);
        Assert.Equal(before, Contents(Target));
        Assert.Equal(before, Contents(copy));
    }

    [Fact]
    [Lane("slow")]
    public void Packed_samples_that_were_changed_are_refused()
    {
        var run = Run.Write(_temporary.Path);
        PublishedRun.Write(run, Target, Paths, Ct);
        string[] files = [.. Directory.EnumerateFiles(Target, "*c16*.samples.gz", SearchOption.AllDirectories), .. Directory.EnumerateFiles(Target, "*.samples.gz", SearchOption.AllDirectories)];
        File.Copy(files[0], files[^1], overwrite: true);
        Assert.Throws<RunFailedException>(() => ReportWriter.WriteToPublish(new RunFolder(Target), Ct));
    }

    [Fact]
    [Lane("slow")]
    public void Nothing_but_an_earlier_publishing_of_the_same_run_is_replaced()
    {
        var run = Run.Write(_temporary.Path);
        PublishedRun.Write(run, Target, Paths, Ct);
        File.WriteAllText(Path.Combine(Target, "left.txt"), "");
        PublishedRun.Write(run, Target, Paths, Ct);
        Assert.False(File.Exists(Path.Combine(Target, "left.txt")));

        var other = new SyntheticRun { Id = "20260103T030405Z-embeddings", Trials = 2 }.Write(_temporary.Path);
        var e = Assert.Throws<FaultException>(() => PublishedRun.Write(other, Target, Paths, Ct));
        Assert.Contains("holds another run", e.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_temporary.Path, "mine"));
        e = Assert.Throws<FaultException>(() => PublishedRun.Write(run, Path.Combine(_temporary.Path, "mine"), Paths, Ct));
        Assert.Contains("holds something else", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("first")]
    [InlineData("../reports/first/")]
    [InlineData("link")]
    [InlineData("elsewhere/first")]
    [Lane("slow")]
    public void A_published_run_is_not_published_over_itself(string name)
    {
        PublishedRun.Write(Run.Write(_temporary.Path), Target, Paths, Ct);
        var reports = Path.GetDirectoryName(Target)!;
        Directory.CreateSymbolicLink(Path.Combine(reports, "link"), Target);
        Directory.CreateSymbolicLink(Path.Combine(reports, "elsewhere"), reports);
        var before = Contents(Target);

        var target = Path.Combine(reports, name);
        var e = Assert.Throws<FaultException>(() => PublishedRun.Write(new RunFolder(Target), target, Paths, Ct));
        Assert.Contains(Target, e.Message, StringComparison.Ordinal);
        Assert.Contains(target, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Contents(Target));
    }

    [Fact]
    public void Only_whole_names_are_taken_for_paths()
    {
        var paths = new MachinePaths([("/root", "~"), (@"C:\Users\ada", "~"), ("/", "nothing")]);
        Assert.Equal("~/a=~ ~:~, /rootless /srv/root a/root-2", paths.RemoveFrom("/root/a=/root /root:/root, /rootless /srv/root a/root-2"));
        Assert.Equal(@"{""a"":""~\\b""} ~\c", paths.RemoveFrom(@"{""a"":""C:\\Users\\ada\\b""} C:\Users\ada\c"));
    }

    private static SortedDictionary<string, string> Contents(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(folder, f), ContentHash.OfFile),
        StringComparer.Ordinal);
}
