using System.Security.Cryptography;
using System.Text;
using ServeBench.Processes.Groups;

namespace ServeBench.Hosts.Ownership;

/// <summary>Names control groups so that whoever finds one later can tell whether its run is still alive.</summary>
internal static class GroupName
{
    private static int _last;

    /// <summary>A new one.</summary>
    public static string Next() => $"{Realm}-{Owner.Label.Replace(':', '-')}-{Interlocked.Increment(ref _last)}";

    /// <summary>Whether a group's run is gone, by the group's folder. One made where other processes are seen cannot be judged.</summary>
    public static bool IsLeft(string folder)
    {
        var parts = folder[ControlGroup.Prefix.Length..].Split('-');
        return parts.Length == 4 && parts[0] == Realm && !Owner.IsAlive($"{parts[1]}:{parts[2]}");
    }

    /// <summary>A hash of <see cref="Owner.Realm"/>, which holds characters that a folder's name cannot.</summary>
    private static string Realm { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Owner.Realm)))[..8];
}
