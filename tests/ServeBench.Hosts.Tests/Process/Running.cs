using ServeBench.Domain.Trials;
using ServeBench.Hosts.Process.Place;

namespace ServeBench.Hosts.Tests.Process;

/// <summary>What runs, and what lies about, of deployments.</summary>
internal static class Running
{
    /// <summary>Tests that look for what is left of any deployment do so one after the other.</summary>
    public const string Collection = "deployments";

    /// <summary>Waits until it listens, or has ended.</summary>
    /// <returns>Its processes then.</returns>
    public static async Task<IReadOnlyList<ServerProcessRecord>> UntilListeningAsync(
        IDeployment deployment, Habit habit, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            Assert.True(tries < 2000, $"{habit} did not come up within twenty seconds");
            if (!habit.Listens && await deployment.EndedBecauseAsync() is not null) return [];
            if (habit.Listens && deployment.Listener().State == ListenerState.Own && deployment.Describe() is { Count: > 0 } processes)
            {
                var wanted = habit.Switches.Contains("--shape=plain") || !habit.Switches.Any(s => s.StartsWith("--shape", StringComparison.Ordinal)) ? 1 : 2;
                if (processes.Count >= wanted) return processes;
            }
            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>The journals of all places that there are.</summary>
    public static IReadOnlyList<string> Places() =>
        [.. Directory.EnumerateDirectories(Path.GetTempPath(), $"{DeploymentPlace.Prefix}*").Select(f => TextOf(Path.Combine(f, "journal.json")))];

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // removed in the meantime
        }
    }
}
