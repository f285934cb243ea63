using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServeBench.Processes.Running;

namespace ServeBench.Hosts.Ownership;

/// <summary>
/// Names a process of this machine for ever: by its id and by when it began. What a run starts is labelled with it, so that
/// whoever finds it later can tell whether its run is still alive. On Linux; elsewhere nothing is labelled and nothing swept.
/// </summary>
internal static class Owner
{
    /// <summary>This process; empty where it cannot be named.</summary>
    public static string Label { get; } = OperatingSystem.IsLinux() ? $"{Environment.ProcessId}:{StartOf(Environment.ProcessId)}" : "";

    /// <summary>Where that name means something: this start of this system, and who sees which processes in it.</summary>
    public static string Realm { get; } = OperatingSystem.IsLinux()
        ? $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{new FileInfo("/proc/self/ns/pid").LinkTarget}"
        : "";

    /// <summary>
    /// This machine among those that use the same Docker Engine: a hash over its id and its name, from which neither can be read.
    /// </summary>
    public static string Machine { get; } = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{(File.Exists(MachineId) ? File.ReadAllText(MachineId).Trim() : "")} {Environment.MachineName}")))[..16];

    private const string MachineId = "/etc/machine-id";

    public static bool IsAlive(string owner)
    {
        var parts = owner.Split(':');
        return parts.Length == 2 && int.TryParse(parts[0], out var process) && StartOf(process) == parts[1];
    }

    /// <summary>
    /// Whether an owner is gone: it was of this start of the system and is not alive, or the system was started anew since. One that
    /// sees other processes than this (in a container of its own) cannot be judged, and is left alone.
    /// </summary>
    public static bool IsGone(string realm, string owner)
    {
        if (realm == Realm) return !IsAlive(owner);
        return BootOf(realm) != BootOf(Realm) && SpaceOf(realm) == SpaceOf(Realm);
    }

    private static string BootOf(string realm) => realm.Split('/')[0];

    private static string SpaceOf(string realm) => realm[(realm.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>When a process started, in clock ticks since boot. Empty when there is none.</summary>
    private static string StartOf(int process) =>
        ProcessEntry.Read(process) is { IsAlive: true } found ? found.Started.ToString(CultureInfo.InvariantCulture) : "";
}
