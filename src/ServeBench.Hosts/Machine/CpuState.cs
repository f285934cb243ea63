using ServeBench.Domain.Trials;
using ServeBench.Processes.Cpu;

namespace ServeBench.Hosts.Machine;

/// <summary>
/// Reads how the processors are set up: their governor, whether they may go above their base clock, and who shares a core.
/// </summary>
/// <param name="root">Where sysfs is: <c>/sys/devices/system/cpu</c>, unless a test says otherwise.</param>
public sealed class CpuState(string root = "/sys/devices/system/cpu")
{
    /// <param name="client">The client's logical processors.</param>
    /// <param name="server">The servers'.</param>
    public CpuStateRecord Read(IReadOnlyList<int> client, IReadOnlyList<int> server) => new()
    {
        Governors = [
            .. client
                .Concat(server)
                .Distinct()
                .Select(c => Text($"cpu{c}/cpufreq/scaling_governor"))
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal)],
        Turbo = Turbo(),
        SharedCores = [.. Shared(client, server)],
    };

    /// <summary>What of it makes numbers less worth, each in one sentence with what to do.</summary>
    public static IEnumerable<string> Warnings(CpuStateRecord state)
    {
        if (state.Governors.Contains("powersave"))
            yield return "The frequency governor powersave slows cores down between requests: "
                + "set performance (cpupower frequency-set -g performance)";
        if (state.SharedCores.Count > 0)
            yield return $"Client and servers share physical cores (hardware threads {string.Join("; ", state.SharedCores)}): "
                + "each slows the other down; use a machine with more than one core";
    }

    /// <summary>intel_pstate says when it is off, cpufreq (acpi-cpufreq, amd-pstate) when it is on; null where neither says.</summary>
    private bool? Turbo() => Text("intel_pstate/no_turbo") is { } off ? off == "0" : Text("cpufreq/boost") is { } on ? on == "1" : null;

    /// <summary>Physical cores of which the client has one hardware thread and a server another: each slows the other down.</summary>
    private IEnumerable<string> Shared(IReadOnlyList<int> client, IReadOnlyList<int> server) =>
        from siblings in client.Select(c => Text($"cpu{c}/topology/thread_siblings_list")).OfType<string>().Distinct()
        let threads = CpuList.Parse(siblings)
        where threads.Any(server.Contains)
        select CpuList.Format([.. threads]);

    private string? Text(string file)
    {
        var path = Path.Combine(root, file);
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (IOException)
        {
            return null; // a processor that is offline has the file and does not answer
        }
    }
}
