using System.Globalization;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Robustness;

/// <summary>What a server under a long load uses at one moment.</summary>
/// <param name="Second">Seconds after the beginning.</param>
/// <param name="Resident">Resident memory, bytes.</param>
/// <param name="Heap">The managed heap, bytes.</param>
/// <param name="Collections">Garbage collections of generation 0 so far.</param>
/// <param name="FullCollections">Those of generation 2.</param>
/// <param name="Inferences">Items inferred so far.</param>
internal sealed record SoakReading(double Second, long Resident, long Heap, long Collections, long FullCollections, long Inferences)
{
    private const int SecondsThatTell = 120;

    /// <summary>Bytes of the unit of memory, in reports and here.</summary>
    private const double MiB = 1 << 20;

    /// <summary>Growth of resident memory after the first third that is still none.</summary>
    private const double Tolerance = 0.05;

    /// <summary>Reads a server's counters thirty times while a load lasts.</summary>
    public static async Task<List<SoakReading>> WatchAsync(RunningProgram server, TimeSpan duration)
    {
        const int Readings = 30;
        var readings = new List<SoakReading>();
        for (var i = 0; i < Readings; i++)
        {
            await Task.Delay(duration / Readings);
            readings.Add(new SoakReading(
                duration.TotalSeconds * (i + 1) / Readings,
                server.Resident,
                await CounterAsync(server, "dotnet_gc_heap_bytes"),
                await CounterAsync(server, "dotnet_gc_collections_total{generation=\"0\"}"),
                await CounterAsync(server, "dotnet_gc_collections_total{generation=\"2\"}"),
                await CounterAsync(server, "servebench_inferences_total")));
        }
        return readings;
    }

    /// <summary>The sum of all lines of the server's counters that hold a name.</summary>
    public static async Task<long> CounterAsync(RunningProgram server, string name)
    {
        var lines = (await server.Client.GetStringAsync("/metrics")).Split('\n').Where(l => !l.StartsWith('#') && l.Contains(name, StringComparison.Ordinal));
        return lines.Sum(l => (long)double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>From two minutes on, memory is held to what it was after the first third.</summary>
    public static void AssertSteady(IReadOnlyList<SoakReading> readings, TimeSpan duration)
    {
        if (duration.TotalSeconds < SecondsThatTell) return;
        var warm = readings[readings.Count / 3];
        var (before, after) = (Median(readings, 1), Median(readings, 2));
        Assert.True(after <= before * (1 + Tolerance), $"resident memory grew from {before / MiB:0.0} MiB in the second third to {after / MiB:0.0} MiB in the last (it was {warm.Resident / MiB:0.0} MiB after the first)");
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Second,6:0} s: resident {Resident / MiB:0.0} MiB, managed heap {Heap / MiB:0.0} MiB, collections {Collections} (full {FullCollections}), items {Inferences}");

    private static double Median(IReadOnlyList<SoakReading> readings, int third)
    {
        var part = readings.Skip(readings.Count * third / 3).Take(readings.Count / 3).Select(r => r.Resident).Order().ToArray();
        return part[part.Length / 2];
    }
}
