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
        Virtualisation = Virtualisation(),
        Accelerators = Accelerators(),
        DotNet = RuntimeInformation.FrameworkDescription,
    };

    private static string Cpu()
    {
        var names = LinesOf("/proc/cpuinfo", "model name").Select(l => l.TrimStart(':', ' ', '\t')).Distinct().ToArray();
        return names.Length > 0 ? string.Join(" + ", names) : RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string? Virtualisation()
    {
        if (File.Exists("/.dockerenv") || File.Exists("/run/.containerenv")) return "container";
        var flags = LinesOf("/proc/cpuinfo", "flags").FirstOrDefault() ?? "";
        return flags.Split(' ').Contains("hypervisor") ? "virtual machine" : null;
    }

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
