using System.Runtime.InteropServices;
using ServeBench.Domain.Trials;

namespace ServeBench.Hosts.Machine;

/// <summary>Reads what this machine is. Nothing that names it or its owner is read.</summary>
public static class MachineReader
{
    public static MachineRecord Read() => new()
    {
        Cpu = Cpu(),
        LogicalCores = Processes.Cpu.CpuAffinity.Available.Count,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        OperatingSystem = LinesOf("/etc/os-release", "PRETTY_NAME=").FirstOrDefault()?.Trim('"') ?? RuntimeInformation.OSDescription,
        Kernel = LinesOf("/proc/sys/kernel/osrelease", "").FirstOrDefault() ?? Environment.OSVersion.VersionString,
        Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
        Virtualisation = Virtualisation(
            File.Exists("/.dockerenv") || File.Exists("/run/.containerenv"), LinesOf("/proc/cpuinfo", "flags").FirstOrDefault() ?? ""),
        Accelerators = Accelerators(),
        DotNet = RuntimeInformation.FrameworkDescription,
    };

    private static string Cpu()
    {
        var names = LinesOf("/proc/cpuinfo", "model name").Select(l => l.TrimStart(':', ' ', '\t')).Distinct().ToArray();
        return names.Length > 0 ? string.Join(" + ", names) : RuntimeInformation.ProcessArchitecture.ToString();
    }

    /// <param name="container">Whether a container's mark is there. Some virtual machines are made from a container's files, and
    /// have it too.</param>
    /// <param name="flags">The processor's flags; only a guest's have <c>hypervisor</c>.</param>
    /// <returns>Null where neither is seen.</returns>
    internal static string? Virtualisation(bool container, string flags) => (container, flags.Split(' ').Contains("hypervisor")) switch
    {
        (true, true) => "virtual machine, with a container's mark",
        (true, false) => "container",
        (false, true) => "virtual machine",
        _ => null,
    };

    private static string[] Accelerators()
    {
        const string Folder = "/proc/driver/nvidia/gpus";
        if (!Directory.Exists(Folder)) return [];
        return [.. Directory.EnumerateDirectories(Folder).Order(StringComparer.Ordinal)
            .Select(gpu => LinesOf(Path.Combine(gpu, "information"), "Model:").FirstOrDefault()?.Trim() ?? "NVIDIA GPU")];
    }

    private static IEnumerable<string> LinesOf(string file, string prefix) => File.Exists(file)
        ? File.ReadLines(file).Where(l => l.StartsWith(prefix, StringComparison.Ordinal)).Select(l => l[prefix.Length..].Trim())
        : [];
}
