using System.Diagnostics;
using System.Globalization;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;
using ServeBench.Measurement.Evidence;
using ServeBench.Reports;

namespace ServeBench.Build.Evidence;

/// <summary>Renders runs of ten million samples and says what that took, and whether percentiles stayed exact.</summary>
internal static class ScaleEvidence
{
    private const double MostSeconds = 30;
    private const long MostBytes = 1L << 30;

    /// <summary>The same ten million in many trials, as runs have them, and in one, which is the hardest on memory.</summary>
    private static readonly ScaleRun[] Runs =
        [new(Stacks: 4, Trials: 5, SamplesEach: 500_000), new(Stacks: 1, Trials: 1, SamplesEach: 10_000_000)];

    public static void Tell(BuildContext context)
    {
        string[][] rows = [["samples", "trials", "report in", "memory at most", "percentiles", "within 30 s and 1 GiB"]];
        foreach (var run in Runs)
        {
            rows = [.. rows, Row(run, Path.Combine(context.Services.Paths.Artifacts, "evidence", "scale"), context.Cancelled)];
        }
        context.Screen.Table(rows, hasHeading: true);
        context.Screen.Say(
            "Memory is the largest resident set of this program while it renders, "
                + $"{(PeakMemory.CanStartAgain ? "writing the run left out" : "writing the run included")}.");
        context.Screen.Say("Percentiles are compared with those of a plain sort of all latencies, to all nine digits that are stored.");
    }

    private static string[] Row(ScaleRun run, string parent, CancellationToken cancellationToken)
    {
        if (Directory.Exists(parent)) Directory.Delete(parent, recursive: true);
        var (folder, plain) = run.Write(parent, cancellationToken);
        PeakMemory.StartAgain();
        var clock = Stopwatch.StartNew();
        var results = ReportWriter.Write(folder, cancellationToken);
        var (seconds, bytes) = (clock.Elapsed.TotalSeconds, PeakMemory.Bytes());
        var exact = plain.Count(p => p.IsIn(results));
        Directory.Delete(parent, recursive: true);
        return
        [
            run.Samples.ToString("#,0", CultureInfo.InvariantCulture), $"{run.Stacks * run.Trials}", $"{seconds:0.0} s",
            bytes is { } b ? $"{b >> 20} MiB" : "not measured", $"{exact} of {plain.Count} exact",
            exact == plain.Count && seconds <= MostSeconds && bytes is null or <= MostBytes ? "ok" : "MISSED",
        ];
    }
}
