using System.Text.Json;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Results;
using ServeBench.Runs.Planning;

namespace ServeBench.Runs.Storing;

/// <summary>
/// How much trials scattered in the newest run of a group that was measured on this host of this machine and has a report.
/// </summary>
internal static class KnownSpreads
{
    /// <param name="runs">The newest first.</param>
    /// <param name="group">Of workloads.</param>
    /// <param name="host">Where stacks are deployed.</param>
    /// <param name="machine">This one.</param>
    /// <returns>By question, the largest spread over its workloads; empty when no run has any.</returns>
    public static IReadOnlyDictionary<string, KnownSpread> Newest(
        IEnumerable<(RunFolder Folder, RunManifest Manifest)> runs, string group, string host, MachineRecord machine)
    {
        foreach (var (folder, manifest) in runs
            .Where(
                r => r.Manifest.Group == group
                    && (r.Manifest.Machine.Cpu, r.Manifest.Machine.LogicalCores) == (machine.Cpu, machine.LogicalCores)))
        {
            var floors = Floors(Path.Combine(folder.Path, "results.json")).Where(f => f.Host == host).ToArray();
            if (floors.Length > 0)
                return floors.GroupBy(f => f.Question).ToDictionary(q => q.Key, q => new KnownSpread(q.Max(f => f.Spread), manifest.Id));
        }
        return new Dictionary<string, KnownSpread>();
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
