using ServeBench.Build.Composition;
using ServeBench.Build.Options;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Reports.Comparing;
using ServeBench.Reports.Drawing;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Stages;

/// <summary>Compares two runs, writes the outcome for people and for CI, and ends as <c>--fail-on</c> asks.</summary>
internal static class CompareStage
{
    public static Task RunAsync(BuildContext context)
    {
        var request = context.Compare;
        var candidate = ComparedRun.Of(
            RunDirectory.FindAnywhere(context.Runs.Folder, context.Runs.Run, context.Services.Paths.Root), context.Cancelled);
        var diff = RunDiff.Of(Baseline(context, request.Baseline!), candidate, request.Allow);
        var name = FileNames.Of(diff.Candidate.Id.ToLowerInvariant(), diff.Baseline.Id.ToLowerInvariant());
        var folder = Path.Combine(context.Services.Paths.Artifacts, "compare");
        List<string> written = [
            Write(folder, $"{name}.md", DiffMarkdown.Write(diff)),
            Write(folder, $"{name}.junit.xml", DiffJUnit.Write(diff))];
        written.AddRange(HistoryCharts
            .Of([.. History(context, candidate)])
            .Select(c => Write(folder, $"{c.Name}.svg", ChartDrawing.Svg(c))));
        foreach (var path in written) context.Screen.Say($"Written: {context.Services.Paths.Shown(path)}");
        foreach (var block in DiffSummary.Of(diff))
        {
            if (block.Text is { } text) context.Screen.Say(text);
            context.Screen.Table(block.Rows, indent: 2);
        }
        if (request.FailOn.Contains(CompareRequest.Invalid) && diff.Invalid.Count > 0) context.Outcome.SomeInvalid();
        if (request.FailOn.Contains(CompareRequest.Regression) && diff.Regressions.Any()) context.Outcome.SomeRegressed();
        return Task.CompletedTask;
    }

    /// <summary>A results.json or a folder of a run anywhere, else a run of this checkout.</summary>
    private static ComparedRun Baseline(BuildContext context, string named)
    {
        var path = Path.GetFullPath(named, context.Services.Paths.Root);
        if (File.Exists(path)) return ComparedRun.OfFile(path);
        return ComparedRun.Of(
            RunDirectory.FindAnywhere(context.Runs.Folder, named, context.Services.Paths.Root, KnownOptions.Baseline.Name),
            context.Cancelled);
    }

    /// <summary>The runs with a report that are like the candidate, up to it, the oldest first.</summary>
    private static IEnumerable<ComparedRun> History(BuildContext context, ComparedRun candidate)
    {
        foreach (var folder in RunDirectory.All(context.Runs.Folder).Reverse().Where(f => string.CompareOrdinal(f.Id, candidate.Id) < 0))
        {
            var results = Path.Combine(folder.Path, "results.json");
            ComparedRun run;
            try
            {
                if (!File.Exists(results) || folder.ReadManifest().Group != candidate.Results.Run.Group) continue;
                run = ComparedRun.OfFile(results);
            }
            catch (Exception e) when (e is FaultException or RunFailedException)
            {
                context.Screen.Warn($"{folder.Id} is no part of the history: {e.Message}");
                continue;
            }
            if (!Facet.All.SelectMany(f => f.Differences(run, candidate)).Any()) yield return run;
        }
        yield return candidate;
    }

    private static string Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        AtomicFile.WriteTextIfChanged(path, text);
        return path;
    }
}
