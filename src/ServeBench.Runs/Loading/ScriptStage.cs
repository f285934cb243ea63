using System.Net;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Load.K6;
using ServeBench.Load.K6.Operator;
using ServeBench.Load.K6.Scripts;
using ServeBench.Runs.Payloads;
using ServeBench.Runs.Planning;
using ServeBench.Work;

namespace ServeBench.Runs.Loading;

/// <summary>Writes every case of a plan as a k6 script that a person can read and run by hand, whichever driver measures it, and
/// as a manifest
/// that runs the script on several machines.</summary>
internal sealed class ScriptStage(
    KnownWork work,
    CatalogueFolders folders,
    Profile profile,
    SeedRecord seeds,
    CommonRates rates,
    Func<Case, WorkloadPayloads> payloadsOf)
{
    /// <summary>A script goes round a part of the payloads: it is in every run's folder.</summary>
    private const int MostPayloads = 1050;

    /// <summary>Where a server probably listens; scripts take another address from HOST.</summary>
    private static readonly IPEndPoint Anywhere = new(IPAddress.Loopback, 8080);

    /// <param name="plan">Its first trial is written: later ones differ in the order of payloads and in the arrivals only.</param>
    /// <param name="folder">Gets one folder per protocol and model.</param>
    /// <returns>Paths of the scripts, relative to the folder.</returns>
    public IReadOnlyList<string> Write(RunPlan plan, string folder)
    {
        var writer = new ScriptWriter(folders.Templates);
        var manifests = new TestRunWriter(folders.TestRunTemplate);
        var written = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var one in plan.Cases.Where(c => c.Trial == 1))
        {
            // Some rates follow from what the server did before; there is no script of those.
            if (one.Shape.Resolved(share => rates.Of(one, share), null) is not { } shape) continue;
            var place = Path.Combine(one.Protocol.Name, one.Model.Model);
            var name = $"{FileNames.Of(one.Workload.Name, one.Scenario.Name, one.Shape.Id)}.js";
            if (!written.Add(Path.Combine(place, name))) continue;
            var some = payloadsOf(one).Some(MostPayloads);
            // A script is for any server that speaks the protocol: the rules of one stack are not those of the others.
            var job = new LoadJobs(work, profile, seeds, folders.Protocols).Of(
                one, shape, Anywhere, some.Render(one.Protocol, Anywhere)) with { Slices = PayloadPlan.OfOne(some), Rules = [] };
            var files = new K6Case(job).Write(writer, Path.Combine(folder, place), name, $"{one.Workload.Name}.payloads.json");
            manifests.Write(job.Title, Path.Combine(folder, place, name), files, "SERVICE:PORT");
        }
        return [.. written];
    }
}
