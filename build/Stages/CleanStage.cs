using ServeBench.Build.Composition;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Stages;

/// <summary>Removes what can be made again. The programs themselves stay: this one is running.</summary>
internal static class CleanStage
{
    private static readonly string[] Folders =
        ["models", "results", "logs", "tests", "images", "publish", "publish-build", "evidence", "compare"];

    public static Task RunAsync(BuildContext context)
    {
        // Not under a measurement that is reading what would be removed.
        using var held = MachineLock.Take();
        foreach (var folder in Folders.Select(f => Path.Combine(context.Services.Paths.Artifacts, f)).Where(Directory.Exists))
        {
            var bytes = new DirectoryInfo(folder)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .Sum(f => f.LinkTarget is null ? f.Length : 0);
            Directory.Delete(folder, recursive: true);
            context.Screen.Say($"Removed {Path.GetRelativePath(context.Services.Paths.Root, folder)} ({bytes / 1e6:0.0} MB)");
        }
        context.Screen.Say("Container images stay with their engine; docker image ls 'servebench/*' lists them.");
        context.Screen.Say("Published runs under reports/runs are kept; delete that folder yourself if you mean to.");
        return Task.CompletedTask;
    }
}
