using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load;

namespace ServeBench.Runs.Planning;

/// <summary>Turns what was asked into every case that will be measured, in order.</summary>
public sealed class Planner(Catalogue catalogue, IHost host, Fingerprints fingerprints, DriverChoice drivers)
{
    /// <param name="request">What was asked.</param>
    /// <param name="workloads">As <see cref="WorkloadSelection"/> gives them.</param>
    /// <param name="contenders">As <see cref="StackSelection"/> gives them.</param>
    /// <param name="models">The prepared models, by name.</param>
    /// <param name="ceilings">The sweep's result for every workload and model.</param>
    /// <param name="variant">A model as a contender is given it, where that is not always the prepared one.</param>
    public RunPlan Plan(
        RunRequest request,
        IReadOnlyList<Workload> workloads,
        IReadOnlyList<Contender> contenders,
        IReadOnlyDictionary<string, ModelArtifact> models,
        IReadOnlyList<CeilingRecord> ceilings,
        Func<ModelArtifact, Contender, ModelArtifact>? variant = null)
    {
        var profile = catalogue.Profile(request.Profile);
        var trials = request.Trials ?? profile.Trials;
        var seeds = Seeds.From(request.Seed);
        var blocks = new List<PlannedBlock>();
        for (var trial = 1; trial <= trials; trial++)
        {
            var steps = new List<PlannedStep>();
            foreach (var contender in contenders)
                steps.AddRange(models.Values.Select(model => Deployment(request, workloads, contender, variant?.Invoke(model, contender) ?? model, profile, seeds, ceilings, trial)).Where(d => d.Cases.Count > 0));
            steps.Add(new PlannedCeilings(trial, [.. ceilings.Select(c => Ceiling(workloads, models, profile, seeds, c, trial))]));
            blocks.Add(new PlannedBlock(trial, BlockOrder.Shuffled(steps, s => s is PlannedDeployment d ? $"{d.Label} {d.Model.Model}" : s.Label, seeds.Blocks, trial)));
        }
        using var hash = new ContentHash();
        hash.Add("group", request.Group).Add("profile", profile.Name).Add("trials", trials).Add("host", host.Name).Add("seed", request.Seed);
        foreach (var step in blocks.SelectMany(b => b.Steps))
        {
            if (step is PlannedDeployment deployment) hash.Add(step.Label, deployment.Cases.Select(c => c.Fingerprint));
            if (step is PlannedCeilings planned) hash.Add(step.Label, planned.Ceilings.Select(c => c.Fingerprint));
        }
        return new RunPlan
        {
            Group = request.Group,
            Profile = profile,
            Trials = trials,
            Contenders = contenders,
            Models = [.. models.Values],
            Workloads = workloads,
            Host = host.Name,
            Blocks = blocks,
            Fingerprint = hash.Finish(),
        };
    }

    /// <summary>The protocol by which a workload is put to a stack: the workload's first that the stack speaks.</summary>
    public static Protocol ProtocolFor(Catalogue catalogue, Workload workload, Contender contender) => ProtocolFor(catalogue, workload, contender.Stack);

    /// <summary>As above.</summary>
    public static Protocol ProtocolFor(Catalogue catalogue, Workload workload, Domain.Stacks.Stack stack) =>
        catalogue.Protocol(workload.Protocols.First(stack.Protocols.Contains));

    private PlannedDeployment Deployment(
        RunRequest request, IReadOnlyList<Workload> workloads, Contender contender, ModelArtifact model, Profile profile, SeedRecord seeds,
        IReadOnlyList<CeilingRecord> ceilings, int trial)
    {
        var deployment = fingerprints.Deployment(contender, model, trial);
        var cases =
            from workload in workloads
            where WorkloadSelection.ModelsOf(catalogue, request, workload).Contains(model.Model)
            let protocol = ProtocolFor(catalogue, workload, contender)
            from scenario in workload.Scenarios
            from shape in Shapes(workload, scenario, profile, ceilings.Single(c => c.Workload == workload.Name && c.Model == model.Model))
            select new Case
            {
                Workload = workload,
                Scenario = scenario,
                Shape = shape,
                Protocol = protocol,
                Contender = contender,
                Model = model,
                Host = host.Name,
                Trial = trial,
                Fingerprint = fingerprints.Case(deployment, workload, protocol, scenario, shape, profile, seeds, drivers.For(protocol.Transport)!.Fingerprint),
            };
        return new PlannedDeployment(contender, model, host.Name, trial, deployment, [.. cases]);
    }

    private PlannedCeiling Ceiling(
        IReadOnlyList<Workload> workloads, IReadOnlyDictionary<string, ModelArtifact> models, Profile profile, SeedRecord seeds, CeilingRecord sweep, int trial)
    {
        var workload = workloads.Single(w => w.Name == sweep.Workload);
        var model = models[sweep.Model];
        return new PlannedCeiling(workload, model, sweep.BatchSize, fingerprints.Ceiling(workload, model, profile, seeds, trial, sweep.BatchSize));
    }

    private static IEnumerable<LoadShape> Shapes(Workload workload, Scenario scenario, Profile profile, CeilingRecord ceiling) => scenario switch
    {
        ClosedScenario closed => closed.Concurrency[profile.Name].Select(c => new ClosedLoop(c)),
        OpenScenario open => open.Rates[profile.Name].Select(r => new OpenLoop(open.Arrivals, Rate(r, workload, ceiling))),
        ClosedRampScenario closed => [new ClosedRamp(closed.Ramps[profile.Name])],
        OpenRampScenario open => [new OpenRamp(RampOf(open.Ramps[profile.Name], workload, ceiling))],
        _ => throw new NotSupportedException($"{scenario.GetType().Name} has no levels"),
    };

    private static Ramp RampOf(RateRamp ramp, Workload workload, CeilingRecord ceiling) =>
        new(Rate(ramp.Start, workload, ceiling), [.. ramp.Stages.Select(s => new RampStage(s.Duration, Rate(s.Target, workload, ceiling)))]);

    /// <summary>Requests per second, rounded to three digits: the ceiling is not known better than that.</summary>
    private static double Rate(ArrivalRate rate, Workload workload, CeilingRecord ceiling)
    {
        if (rate.PerSecond is { } absolute) return absolute;
        var items = workload.Payload is TextPayload text ? text.ItemsPerRequest : 1;
        return double.Parse((rate.OfCeiling!.Value * ceiling.ItemsPerSecond / items).ToString("G3"));
    }
}
