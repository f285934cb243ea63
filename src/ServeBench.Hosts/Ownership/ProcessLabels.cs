using System.Text;

namespace ServeBench.Hosts.Ownership;

/// <summary>
/// Labels what a run starts, in its environment variables, with the run's own process: whoever finds such a process later can
/// tell whether its owner is still alive. On Linux, where the environment of a process can be read.
/// </summary>
internal static class ProcessLabels
{
    private const string OwnerVariable = "SERVEBENCH_OWNER";
    private const string DeploymentVariable = "SERVEBENCH_DEPLOYMENT";

    public static IReadOnlyDictionary<string, string> Labels(string deploymentId) => new Dictionary<string, string>
    {
        [DeploymentVariable] = deploymentId,
        [OwnerVariable] = Owner.Label,
    };

    /// <summary>Ends every labelled process whose owner is gone.</summary>
    /// <returns>A line for each.</returns>
    public static IReadOnlyList<string> EndOrphans() =>
        [.. EndAll(label => !Owner.IsAlive(label.Owner)).Select(e => $"{e}, whose run is gone")];

    /// <summary>Ends whatever is left of a deployment of this process, however far it has got away from its parent.</summary>
    public static void End(string deploymentId) => EndAll(label => label.Deployment == deploymentId && label.Owner == Owner.Label);

    private static List<string> EndAll(Func<(string Owner, string Deployment), bool> which)
    {
        var ended = new List<string>();
        if (!OperatingSystem.IsLinux()) return ended;
        foreach (var process in Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(n => n!.All(char.IsAsciiDigit))
            .Select(n => int.Parse(n!)))
        {
            if (OwnerOf(process) is not { } label || !which(label)) continue;
            try
            {
                using var orphan = System.Diagnostics.Process.GetProcessById(process);
                var name = orphan.ProcessName; // afterwards it may have none any more
                orphan.Kill();
                ended.Add($"process {process} ({name}) of deployment {label.Deployment}");
                orphan.WaitForExit();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It has ended by itself in the meantime.
            }
        }
        return ended;
    }

    private static (string Owner, string Deployment)? OwnerOf(int process)
    {
        string[] variables;
        try
        {
            variables = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/environ")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended, or belongs to another user and so not to us
        }
        string? Value(string name) => Array.Find(variables, v => v.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
        return Value(OwnerVariable) is { Length: > 0 } owner ? (owner, Value(DeploymentVariable) ?? "") : null;
    }
}
