using System.Diagnostics;
using System.Text.RegularExpressions;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Processes.Running;

namespace ServeBench.Processes.Servers;

/// <summary>Takes the steps of a stop recipe, until nothing of the server is left or there is no step any more.</summary>
/// <param name="server">Whom it stops.</param>
/// <param name="recipe">How.</param>
/// <param name="usualWait">The wait of a step that names none.</param>
internal sealed class StopProcedure(ServerProcess server, StopRecipe recipe, TimeSpan usualWait)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>What outlives the main process has this long, even where the step's wait is longer.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    public async Task<IReadOnlyList<StopStepRecord>> RunAsync()
    {
        var taken = new List<StopStepRecord>();
        foreach (var step in recipe.Steps)
        {
            if (IsGone()) break;
            var began = Stopwatch.GetTimestamp();
            var sent = Send(step);
            // A step that met nobody (the child it names has ended) is not worth waiting for.
            if (sent > 0) await WaitAsync(step.Wait ?? usualWait);
            taken.Add(new StopStepRecord(step.Signal, Words(step), sent, Stopwatch.GetElapsedTime(began).TotalSeconds));
        }
        return taken;
    }

    private static string Words(StopStep step) =>
        step.Named is { } name ? $"child {name}" : step.To.ToString().ToLowerInvariant();

    private bool IsGone() =>
        OperatingSystem.IsLinux() ? server.Processes().Count == 0 : server.Exited.IsCompleted;

    private async Task WaitAsync(TimeSpan limit)
    {
        var began = Stopwatch.GetTimestamp();
        long? ended = null;
        while (Stopwatch.GetElapsedTime(began) < limit && !IsGone())
        {
            if (server.Exited.IsCompleted && Stopwatch.GetElapsedTime(ended ??= Stopwatch.GetTimestamp()) > Afterwards) return;
            await Task.Delay(LookAgain);
        }
    }

    /// <returns>To how many processes it went; a group counts as one.</returns>
    private int Send(StopStep step)
    {
        var main = server.ProcessId;
        switch (step.To)
        {
            case StopTarget.Main:
                return Count(!server.Exited.IsCompleted, main, step.Signal);
            case StopTarget.Group:
                return Count(true, -main, step.Signal);
            case StopTarget.Session:
                return server.Processes().Where(p => p.Session == main).Sum(p => Count(true, p.Id, step.Signal));
            default:
                // Orphans too: some servers' own launchers end, and what they started is the server.
                return server.Processes().Where(p => p.Id != main && IsNamed(p, step)).Sum(p => Count(true, p.Id, step.Signal));
        }
    }

    private static int Count(bool exists, int process, string signal) => exists && ProcessSignals.Send(process, signal) ? 1 : 0;

    private static bool IsNamed(ProcessEntry process, StopStep step) =>
        step.Named is not { } name
            || Regex.IsMatch(process.CommandLine(), name, RegexOptions.None, PatternLimit)
            || Regex.IsMatch(process.Name, name, RegexOptions.None, PatternLimit);
}
