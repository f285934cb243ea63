using System.Globalization;
using System.Text;

namespace ServeBench.Hosts.Ownership;

/// <summary>
/// Labels what a run starts, in its environment variables, with the run's own process: whoever finds such a process later can
/// tell whether its owner is still alive. On Linux, where the environment of a process can be read.
/// </summary>
internal static class ProcessLabels
{
    private const string OwnerVariable = "SERVEBENCH_OWNER";
    private const string RealmVariable = "SERVEBENCH_REALM";
    private const string DeploymentVariable = "SERVEBENCH_DEPLOYMENT";

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    public static IReadOnlyDictionary<string, string> Labels(string deploymentId) => new Dictionary<string, string>
    {
        [DeploymentVariable] = deploymentId,
        [OwnerVariable] = Owner.Label,
        [RealmVariable] = Owner.Realm,
    };

    /// <summary>Ends every labelled process whose owner is gone.</summary>
    /// <returns>A line for each.</returns>
    public static IReadOnlyList<string> EndOrphans()
    {
        var ended = new List<string>();
        foreach (var (process, label) in All().Where(p => Owner.IsGone(p.Label.Realm, p.Label.Owner)))
        {
            try
            {
                using var orphan = System.Diagnostics.Process.GetProcessById(process);
                var name = orphan.ProcessName; // afterwards it may have none any more
                orphan.Kill();
                ended.Add($"Ended process {process} ({name}) of deployment {label.Deployment}, whose run is gone");
                orphan.WaitForExit(EndLimit);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It has ended by itself in the meantime.
            }
        }
        return ended;
    }

    /// <summary>Ids of everything that bears the label of a deployment of this process, however far from its parent it has got.</summary>
    public static IReadOnlyList<int> Of(string deploymentId) =>
        [.. All().Where(p => p.Label.Deployment == deploymentId && p.Label.Owner == Owner.Label).Select(p => p.Process)];

    private static IEnumerable<(int Process, (string Owner, string Realm, string Deployment) Label)> All()
    {
        if (!OperatingSystem.IsLinux()) yield break;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && OwnerOf(process) is { } label)
                yield return (process, label);
        }
    }

    private static (string Owner, string Realm, string Deployment)? OwnerOf(int process)
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
        return Value(OwnerVariable) is { Length: > 0 } owner
            ? (owner, Value(RealmVariable) ?? Owner.Realm, Value(DeploymentVariable) ?? "")
            : null;
    }
}
