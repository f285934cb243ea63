using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>Reports of synthetic runs against files that a person has looked at.</summary>
[Lane("slow")]
public sealed class ApprovedReportTests(ReportFixture reports) : IClassFixture<ReportFixture>
{
    [Fact]
    public async Task The_default_report()
    {
        var (folder, results) = await reports.WriteAsync(Runs.Quick);
        Check(File.ReadAllText(Path.Combine(folder.Path, "report.md")), "quick.approved.md");
        Check(Summary(folder, results), "quick.approved.txt");
    }

    /// <summary>One of every way of drawing; ChartDrawingTests holds for all.</summary>
    [Theory]
    [InlineData("throughput-mixed-length-sweep")]
    [InlineData("latency-throughput-mixed-length-sweep")]
    [InlineData("heat-map")]
    public async Task A_chart_of_the_default_report(string name)
    {
        var (folder, _) = await reports.WriteAsync(Runs.Quick);
        Check(File.ReadAllText(Path.Combine(folder.Charts, name + ".svg")), $"quick.{name}.approved.svg");
    }

    [Fact]
    public async Task The_smallest_report_and_its_results()
    {
        var (folder, results) = await reports.WriteAsync(Runs.Smoke);
        Check(File.ReadAllText(Path.Combine(folder.Path, "report.md")), "smoke.approved.md");
        Check(File.ReadAllText(Path.Combine(folder.Path, "results.json")), "smoke.approved.json");
        Check(Summary(folder, results), "smoke.approved.txt");
    }

    [Fact]
    public async Task A_report_of_a_ramp()
    {
        var (folder, results) = await reports.WriteAsync(Runs.Ramp);
        Check(File.ReadAllText(Path.Combine(folder.Path, "report.md")), "ramp.approved.md");
        Check(Summary(folder, results), "ramp.approved.txt");
        Check(File.ReadAllText(Path.Combine(folder.Charts, "timeline-ramp-rate.svg")), "ramp.timeline-ramp-rate.approved.svg");
    }

    [Fact]
    public async Task A_report_of_a_run_in_which_much_went_wrong()
    {
        var (folder, results) = await reports.WriteAsync(Runs.Troubled);
        Check(File.ReadAllText(Path.Combine(folder.Path, "report.md")), "troubled.approved.md");
        Check(Summary(folder, results), "troubled.approved.txt");
        foreach (var name in (string[])["throughput-mixed-length-sweep", "complexity"])
            Check(File.ReadAllText(Path.Combine(folder.Charts, name + ".svg")), $"troubled.{name}.approved.svg");
    }

    [Fact]
    public async Task A_report_of_a_run_in_containers()
    {
        var (folder, results) = await reports.WriteAsync(ContainerRun.Run);
        Check(File.ReadAllText(Path.Combine(folder.Path, "report.md")), "containers.approved.md");
        // Tracks of one stack are compared as two stacks, and the twin's trials count as its own.
        Assert.Equal(["onnxruntime-dotnet", "queue", "queue, tuned"], results.Answers.Single().Standings.Select(s => s.Stack).Order(StringComparer.Ordinal));
        Assert.Equal(["onnxruntime-dotnet", "onnxruntime-dotnet (again)"], results.Answers.Single().Standings.Single(s => s.Stack == "onnxruntime-dotnet").Contenders);
    }

    private static string Summary(Domain.Storage.RunFolder folder, Measurement.Results.RunResults results) =>
        string.Concat(TerminalSummary.Of(results, folder.ReadManifest()).SelectMany(b => b.Rows.Select(r => ("  " + string.Join("  ", r.Select((cell, c) => cell.PadRight(b.Rows.Max(x => x[c].Length))))).TrimEnd()).Prepend(b.Text)).Select(l => l + "\n"));

    private static void Check(string received, string name) => Approved.Check(received, "tests", "ServeBench.Reports.Tests", "Approved", name);
}
