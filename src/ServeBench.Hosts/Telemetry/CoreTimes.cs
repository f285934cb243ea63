using System.Diagnostics;
using System.Globalization;

namespace ServeBench.Hosts.Telemetry;

/// <summary>
/// How much of some cores' time was busy with anything at all, and how much the hypervisor took, from /proc/stat (Linux).
/// </summary>
internal sealed class CoreTimes
{
    private const string Stat = "/proc/stat";

    /// <summary>USER_HZ: 100 on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private readonly long _at;
    private readonly double _idleSeconds;
    private readonly double _stolenSeconds;
    private readonly int _cores;

    private CoreTimes(double idleSeconds, double stolenSeconds, int cores, long at) =>
        (_idleSeconds, _stolenSeconds, _cores, _at) = (idleSeconds, stolenSeconds, cores, at);

    /// <returns>Null where it cannot be determined, or for no cores.</returns>
    public static CoreTimes? Read(IReadOnlyList<int> cpus) =>
        cpus.Count > 0 && File.Exists(Stat) ? Parse(File.ReadAllText(Stat), cpus, Stopwatch.GetTimestamp()) : null;

    /// <summary>
    /// CPU-seconds from an earlier reading to this one that were neither idle nor taken by the hypervisor. As what is left of
    /// the time on the clock: kernels count idle time exactly, busy time often only by looking at every tick.
    /// </summary>
    public double BusySecondsSince(CoreTimes earlier) =>
        Math.Max(
            0,
            CoreSecondsSince(earlier)
                - (_idleSeconds - earlier._idleSeconds)
                - StolenSecondsSince(earlier));

    /// <summary>CPU-seconds that the cores had from an earlier reading to this one.</summary>
    public double CoreSecondsSince(CoreTimes earlier) => Stopwatch.GetElapsedTime(earlier._at, _at).TotalSeconds * _cores;

    /// <summary>CPU-seconds from an earlier reading to this one that the hypervisor took from these cores.</summary>
    public double StolenSecondsSince(CoreTimes earlier) => _stolenSeconds - earlier._stolenSeconds;

    /// <param name="text">What /proc/stat holds.</param>
    /// <param name="cpus">The cores to add up.</param>
    /// <param name="at">When it was read, by <see cref="Stopwatch"/>.</param>
    /// <returns>Null when one of them is not listed.</returns>
    internal static CoreTimes? Parse(string text, IReadOnlyList<int> cpus, long at)
    {
        double idle = 0, stolen = 0;
        var found = 0;
        foreach (var line in text.Split('\n'))
        {
            // cpuN user nice system idle iowait irq softirq steal ...
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 9 || !fields[0].StartsWith("cpu", StringComparison.Ordinal) || fields[0].Length == 3) continue;
            if (!cpus.Contains(int.Parse(fields[0].AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture))) continue;
            idle += Ticks(fields[4]) + Ticks(fields[5]);
            stolen += Ticks(fields[8]);
            found++;
        }
        static double Ticks(string field) => double.Parse(field, CultureInfo.InvariantCulture);
        return found == cpus.Count ? new CoreTimes(idle / TicksPerSecond, stolen / TicksPerSecond, found, at) : null;
    }
}
