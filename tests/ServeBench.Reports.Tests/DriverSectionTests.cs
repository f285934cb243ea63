using ServeBench.Measurement.Drivers;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using ServeBench.Reports.Rendering;

namespace ServeBench.Reports.Tests;

public sealed class DriverSectionTests(ReportFixture reports) : IClassFixture<ReportFixture>
{
    [Fact]
    public async Task What_two_drivers_disagree_on_is_a_finding_in_the_report_and_on_the_terminal()
    {
        var (folder, results) = await reports.WriteAsync(Runs.Quick);
        var stacks = results.Answers[0].Standings.Select(s => s.Stack).ToArray();
        results = results with
        {
            DriverAgreements =
            [
                new DriverAgreement
                {
                    Workload = "mixed-length", Model = "all-MiniLM-L6-v2", Host = "process", Scenario = "sweep", Level = "c16", Metric = "item-throughput", First = "native (epoll)", Second = "k6 2.2.0",
                    Stacks =
                    [
                        new DriverRatio { Stack = stacks[0], Pairs = 3, First = 138, Second = 121, Ratio = 0.877, Low = 0.86, High = 0.894 },
                        new DriverRatio { Stack = stacks[1], Pairs = 0, NotMeasured = "with k6 2.2.0 it is SATURATED" },
                    ],
                },
            ],
        };
        var manifest = folder.ReadManifest();
        var report = new ReportContext(results, manifest);
        var markdown = MarkdownReport.Write(ReportDocument.Of(report, ChartCatalogue.Draw(report)));
        const string Finding = "Drivers differ: items of ONNX Runtime .NET on mixed-length at 16 in flight is 0.88 times as much with k6 2.2.0 as with native (epoll) (0.86 to 0.89).";
        Assert.Contains("- " + Finding, markdown, StringComparison.Ordinal);
        Assert.Contains("| items, mixed-length at 16 in flight | ONNX Runtime .NET | 138/s | 121/s | 0.88 | 0.86 to 0.89 | 3 | **no** |", markdown, StringComparison.Ordinal);
        Assert.Contains("| not measured | not measured | – | – | 0 | not measured: with k6 2.2.0 it is SATURATED |", markdown, StringComparison.Ordinal);
        string?[] terminal = [.. TerminalSummary.Of(results, manifest).Select(b => b.Text)];
        Assert.Contains(Finding, terminal);
        Assert.Contains("native (epoll) and k6 2.2.0: of 1 figure that both measured, 0 agree within 5 % by the whole interval, 1 differs by more than that, 0 are undecided; 1 not measured by both.", terminal);
    }
}
