using System.Text.Json;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Results;
using ServeBench.Runs.Planning;

namespace ServeBench.Runs.Storing;

/// <summary>
/// How much trials scattered in the newest run of a group that was measured on this host of this machine and has a report.
/// </summary>
internal sealed class KnownSpreads
{
    private readonly string _run;
    private readonly IReadOnlyList<NoiseFloor> _floors;

    internal KnownSpreads(string run, IReadOnlyList<NoiseFloor> floors) => (_run, _floors) = (run, floors);

    /// <param name="runs">The newest first.</param>
    /// <param name="group">Of workloads.</param>
    /// <param name="host">Where stacks are deployed.</param>
    /// <param name="machine">This one.</param>
    /// <returns>What that run knows, which is nothing when there is none.</returns>
    public static KnownSpreads Newest(
        IEnumerable<(RunFolder Folder, RunManifest Manifest)> runs, string group, string host, MachineRecord machine)
    {
        foreach (var (folder, manifest) in runs
            .Where(
                r => r.Manifest.Group == group
                    && (r.Manifest.Machine.Cpu, r.Manifest.Machine.LogicalCores) == (machine.Cpu, machine.LogicalCores)))
        {
            var floors = Floors(Path.Combine(folder.Path, "results.json")).Where(f => f.Host == host).ToArray();
            if (floors.Length > 0) return new KnownSpreads(manifest.Id, floors);
        }
        return new KnownSpreads("", []);
    }

    /// <returns>
    /// The largest spread over a question's workloads by the metrics that will decide it: a search scatters more than a closed loop.
    /// Null where the run has none.
    /// </returns>
    public KnownSpread? Of(string question, IReadOnlyList<string> metrics)
    {
        double[] spreads = [.. _floors.Where(f => f.Question == question && metrics.Contains(f.Metric)).Select(f => f.Spread)];
        return spreads.Length == 0 ? null : new KnownSpread(spreads.Max(), _run);
    }

    private static IReadOnlyList<NoiseFloor> Floors(string file)
    {
        if (!File.Exists(file)) return [];
        try
        {
            return ResultsJson.Read(File.ReadAllText(file)).NoiseFloors;
        }
        catch (JsonException)
        {
            return []; // of an earlier schema: the next older run may tell, else the stated default holds
        }
    }
}
