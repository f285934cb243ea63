using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Workloads;

namespace ServeBench.Runs.Planning;

/// <summary>Which workloads a run has, with which scenarios of its profile, and with which models.</summary>
public static class WorkloadSelection
{
    /// <summary>The workloads of the group that were asked for, each with those of its scenarios that the profile has.</summary>
    /// <exception cref="FaultException">when nothing is left.</exception>
    public static IReadOnlyList<Workload> Of(Catalogue catalogue, RunRequest request)
    {
        var workloads = catalogue.Workloads
            .Where(w => w.Group == request.Group && request.Workloads?.Contains(w.Name) != false)
            .Select(
                w => w with
                {
                    Scenarios = [
                        .. w.Scenarios.Where(s => s.Profiles.Contains(request.Profile) && (IsAsked(s, request) || IsNeeded(s, w, request)))]
                })
            .Where(w => w.Scenarios.Count > 0)
            .ToArray();
        if (workloads.Length > 0) return workloads;
        throw new FaultException(new Fault("command line", null, null,
            $"no scenario is left for group {request.Group} in profile {request.Profile} with the workloads and scenarios that "
                + "were asked for",
            "Take a filter away, or choose another profile; --target=List shows what there is"));
    }

    private static bool IsAsked(Scenario scenario, RunRequest request) => request.Scenarios?.Contains(scenario.Name) != false;

    /// <summary>Whoever asks for shares of the max rate asks for the search that finds it.</summary>
    private static bool IsNeeded(Scenario scenario, Workload workload, RunRequest request) =>
        scenario.FindsMaxRate && workload.Scenarios.Any(o => o.NeedsMaxRate && o.Profiles.Contains(request.Profile) && IsAsked(o, request));

    /// <summary>Names of the models that a workload is run with.</summary>
    public static IReadOnlyList<string> ModelsOf(Catalogue catalogue, RunRequest request, Workload workload)
    {
        if (request.Models is { } named) return [.. named.Where(m => catalogue.Model(m).Groups.Contains(request.Group))];
        return workload.Models.Count > 0
            ? workload.Models
            : [.. catalogue.Models.Where(m => m.Groups.Contains(request.Group)).Select(m => m.Name)];
    }

    /// <summary>Names of all models of a run, each once.</summary>
    /// <exception cref="FaultException">when a model was named that does not belong to the group.</exception>
    public static IReadOnlyList<string> ModelsOf(Catalogue catalogue, RunRequest request, IReadOnlyList<Workload> workloads)
    {
        var faults = new FaultList();
        foreach (var name in request.Models ?? [])
        {
            var groups = catalogue.Model(name).Groups;
            if (groups.Contains(request.Group)) continue;
            var remedy = groups.Count > 0
                ? $"It belongs to: {string.Join(", ", groups)}"
                : "It belongs to no group yet: --target=Models prepares it, and no workload uses it";
            faults.Add(new Fault("--model", null, null, $"{name} is not a model of group {request.Group}", remedy));
        }
        faults.ThrowIfAny();
        return [.. workloads.SelectMany(w => ModelsOf(catalogue, request, w)).Distinct().Order(StringComparer.Ordinal)];
    }
}
