using System.Security.Cryptography;
using System.Text;
using ServeBench.Hosts.Ownership;
using ServeBench.Hosts.Telemetry;

namespace ServeBench.Hosts.Machine;

/// <summary>What else the machine does, and since when it runs.</summary>
public interface IMachineState
{
    /// <summary>Differs from one start of the operating system to the next; empty where that is not known.</summary>
    string Boot { get; }

    /// <summary>Watches some cores while nothing of this program runs.</summary>
    /// <param name="cpus">The cores.</param>
    /// <param name="window">For how long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The share of their time in which they were busy, or taken away by the hypervisor; null where that is not known.</returns>
    Task<double?> BusyAsync(IReadOnlyList<int> cpus, TimeSpan window, CancellationToken cancellationToken);
}

/// <summary>This machine's.</summary>
public sealed class MachineState : IMachineState
{
    /// <summary>Hashed, since reports are published.</summary>
    public string Boot { get; } = Owner.Realm.Length == 0
        ? ""
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Owner.Realm.Split('/')[0])))[..16];

    public async Task<double?> BusyAsync(IReadOnlyList<int> cpus, TimeSpan window, CancellationToken cancellationToken)
    {
        var before = CoreTimes.Read(cpus);
        await Task.Delay(window, cancellationToken);
        var after = CoreTimes.Read(cpus);
        return before is null || after is null
            ? null
            : (after.BusySecondsSince(before) + after.StolenSecondsSince(before)) / after.CoreSecondsSince(before);
    }
}
