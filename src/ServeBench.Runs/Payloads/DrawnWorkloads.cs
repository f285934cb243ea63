using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Work;

namespace ServeBench.Runs.Payloads;

/// <summary>The requests of every workload for every model, drawn once.</summary>
public sealed class DrawnWorkloads(Catalogue catalogue, KnownWork work, SeedRecord seeds)
{
    private readonly Dictionary<(string, string), WorkloadPayloads> _payloads = [];

    public WorkloadPayloads Of(Workload workload, ModelArtifact model)
    {
        if (_payloads.TryGetValue((workload.Name, model.Folder), out var known)) return known;
        var drawn = work.Of(workload).Draw(workload.Payload, catalogue.Folders.Data, model, seeds.Payload);
        return _payloads[(workload.Name, model.Folder)] = new WorkloadPayloads(model.Model, drawn.Requests, drawn.Mix);
    }
}
