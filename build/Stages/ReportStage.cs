using ServeBench.Build.Composition;
using ServeBench.Build.Options;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Reports;
using ServeBench.Reports.Publishing;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Stages;

/// <summary>Renders the runs that were just measured, or the one that was named, and prints their summary.</summary>
internal static class ReportStage
{
    public static Task RunAsync(BuildContext context)
    {
        IReadOnlyList<RunFolder> folders = context.Loaded.Count > 0
            ? context.Loaded
            : [RunDirectory.FindAnywhere(context.Runs.Folder, context.Runs.Run, context.Services.Paths.Root)];
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
        if (context.Runs.Publish is { } name) Publish(context, folders, name);
        return Task.CompletedTask;
    }

    private static void Publish(BuildContext context, IReadOnlyList<RunFolder> folders, string name)
    {
        Fault Wrong(string problem, string remedy) => new(KnownOptions.Publish.Name, null, null, problem, remedy);
        var isName = name.Length > 0 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        if (!isName || name == "runs")
            throw new FaultException(Wrong($"'{name}' is no name for a report", $"For example {KnownOptions.Publish.Example}"));
        if (folders.Count != 1)
            throw new FaultException(Wrong(
                $"{folders.Count} runs cannot share one name", "Publish each by itself, with --target=Report --run=ID"));
        var paths = context.Services.Paths;
        var target = Path.Combine(paths.Root, "reports", name);
        PublishedRun.Write(folders[0], target, MachinePaths.OfThisMachine(paths.Root), context.Cancelled);
        var size = new DirectoryInfo(target).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        context.Screen.Say($"Published: {paths.Shown(target)}, {size / 1e6:0.0} MB");
    }
}
