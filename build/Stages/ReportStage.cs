using ServeBench.Build.Composition;
using ServeBench.Domain.Storage;
using ServeBench.Reports;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Stages;

/// <summary>Renders the runs that were just measured, or the one that was named, and prints their summary.</summary>
internal static class ReportStage
{
    public static Task RunAsync(BuildContext context)
    {
        IReadOnlyList<RunFolder> folders = context.Loaded.Count > 0
            ? context.Loaded
            : [RunDirectory.Find(context.Runs.Folder, context.Runs.Run)];
        foreach (var folder in folders)
        {
            // Who asks for a report gets it rendered; on the way from a load it is enough that it is there.
            var results = context.IsTarget("Report")
                ? ReportWriter.Write(folder, context.Cancelled)
                : ReportWriter.WriteIfChanged(folder, context.Cancelled);
            context.Screen.Say("");
            foreach (var block in TerminalSummary.Of(results, folder.ReadManifest()))
            {
                if (block.Text is { } text) context.Screen.Say(text);
                context.Screen.Table(block.Rows, indent: 2);
            }
            context.Screen.Say("");
            context.Screen.Say(
                $"Report: {context.Services.Paths.Shown(Path.Combine(folder.Path, "report.html"))} (and report.md, "
                    + "results.json beside it)");
            if (results.AnyInvalid) context.Outcome.SomeInvalid();
        }
        return Task.CompletedTask;
    }
}
