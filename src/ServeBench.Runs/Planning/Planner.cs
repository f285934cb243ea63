using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Load.Wire;
using ServeBench.Measurement.Comparisons;

namespace ServeBench.Runs.Planning;

/// <summary>Turns what was asked into every case that will be measured, in order.</summary>
/// <param name="variant">A model as a contender is given it, where that is not always the prepared one.</param>
public sealed class Planner(
    Catalogue catalogue,
    IHost host,
    Fingerprints fingerprints,
    DriverChoice drivers,
    Func<ModelArtifact, Contender, ModelArtifact>? variant = null)
{
    /// <param name="request">What was asked.</param>
    /// <param name="workloads">As <see cref="WorkloadSelection"/> gives them.</param>
    /// <param name="contenders">As <see cref="StackSelection"/> gives them.</param>
    /// <param name="models">The prepared models, by name.</param>
    /// <param name="seeds">The run's.</param>
    /// <param name="ceilings">The sweep's result for every workload and model; none where the kind of work has no raw runtime,
    /// and then no rate is a share of it.</param>
    public RunPlan Plan(
        RunRequest request,
        IReadOnlyList<Workload> workloads,
        IReadOnlyList<Contender> contenders,
        IReadOnlyDictionary<string, ModelArtifact> models,
        SeedRecord seeds,
        IReadOnlyList<CeilingRecord> ceilings)
    {
        var profile = catalogue.Profile(request.Profile);
        var trials = request.Trials ?? profile.Trials;
        var blocks = new List<PlannedBlock>();
        for (var trial = 1; trial <= trials; trial++) blocks.Add(Block(request, workloads, contenders, models, seeds, ceilings, trial));
        var plan = new RunPlan
        {
            Group = request.Group,
            Profile = profile,
            Trials = trials,
            Contenders = contenders,
            Models = [.. models.Values],
            Workloads = workloads,
            Host = host.Name,
            Blocks = blocks,
            Fingerprint = "",
        };
        return plan with { Fingerprint = Fingerprints.Plan(plan, request, seeds) };
    }

    /// <summary>One block of a plan; parameters as above.</summary>
    public PlannedBlock Block(
        RunRequest request,
        IReadOnlyList<Workload> workloads,
        IReadOnlyList<Contender> contenders,
        IReadOnlyDictionary<string, ModelArtifact> models,
        SeedRecord seeds,
        IReadOnlyList<CeilingRecord> ceilings,
        int trial)
    {
        var profile = catalogue.Profile(request.Profile);
        var steps = new List<PlannedStep>();
        foreach (var contender in contenders)
            steps.AddRange(models.Values
                .Select(
                    model => Deployment(
                        request, workloads, contender, variant?.Invoke(model, contender) ?? model, profile, seeds, ceilings, trial))
                .Where(d => d.Cases.Count > 0));
        // The raw runtime comes first: the common rates of latency questions are shares of what it reaches in the first block.
        PlannedCeilings[] raw = ceilings.Count == 0
            ? []
            : [new PlannedCeilings(trial, [.. ceilings.Select(c => Ceiling(workloads, models, profile, seeds, c, trial))])];
        var ordered = BlockOrder.Of(steps, s => s is PlannedDeployment d ? $"{d.Label} {d.Model.Model}" : s.Label, seeds.Blocks, trial);
        return new PlannedBlock(trial, [.. raw, .. ordered]);
    }

    /// <summary>The protocol by which a workload is put to a stack: the workload's first that the stack speaks.</summary>
    public static Protocol ProtocolFor(Catalogue catalogue, Workload workload, Contender contender) =>
        ProtocolFor(catalogue, workload, contender.Stack);

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
            let ceiling = ceilings.SingleOrDefault(c => c.Workload == workload.Name && c.Model == model.Model)
            // Where there is no raw runtime, no rate is a share of it: that is refused before the plan (CommonRates.Check).
            from shape in scenario.Shapes(profile.Name, share => CommonRates.Of(share, ceiling!.ItemsPerSecond, workload))
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
                Fingerprint =
                    fingerprints.Case(deployment, workload, protocol, scenario, shape, profile, seeds, drivers.For(protocol)!.Fingerprint),
            };
        Case[] own = [.. cases];
        return new PlannedDeployment(
            contender,
            model,
            host.Name,
            trial,
            deployment,
            InOrder([.. own, .. Checks(own, deployment, profile, seeds)], seeds.Blocks, trial));
    }

    /// <summary>The headlines once more, for the second driver: max rates and latencies, and the curve where there is no search.</summary>
    private IEnumerable<Case> Checks(IReadOnlyList<Case> cases, string deployment, Profile profile, SeedRecord seeds) =>
        from one in drivers.Second is null ? [] : cases
        where drivers.Second!.CanDrive(WireFormat.Of(one.Protocol)) && IsHeadline(one, cases)
        select one with
        {
            IsDriverCheck = true,
            Fingerprint = fingerprints.Case(
                deployment,
                one.Workload,
                one.Protocol,
                one.Scenario,
                one.Shape,
                profile,
                seeds,
                $"{drivers.Second!.Fingerprint}, the second driver"),
        };

    private static bool IsHeadline(Case one, IReadOnlyList<Case> cases) =>
        KnownQuestions.OfProgram.Find(one.Scenario.Question) is { } question
            && (question.IsAtOneLoad
                || one.Shape.FindsMaxRate
                || !cases.Any(c => c.Workload == one.Workload && c.Shape.FindsMaxRate));

    /// <summary>
    /// Levels in balanced order, too, the same for all stacks of a block: memory climbs and caches fill while a deployment lives. What
    /// asks for shares of the max rate follows the search that finds it.
    /// </summary>
    private static IReadOnlyList<Case> InOrder(IReadOnlyList<Case> cases, long seed, int trial)
    {
        var units = cases.Where(c => !c.Shape.NeedsMaxRate && !c.IsDriverCheck)
            .Select(
                c => (Case[])[
                    .. Pair(c, cases, trial),
                    .. c.Shape.FindsMaxRate ? cases.Where(o => o.Shape.NeedsMaxRate && o.Workload == c.Workload) : []]);
        return [.. BlockOrder
            .Of(units, u => $"level {u[0].Workload.Name} {u[0].Scenario.Name} {u[0].Shape.Id}", seed, trial)
            .SelectMany(u => u)];
    }

    /// <summary>A case, and beside it the second driver's; which of them comes first alternates over trials.</summary>
    private static IEnumerable<Case> Pair(Case one, IReadOnlyList<Case> cases, int trial)
    {
        Case[] pair = [
            one,
            .. cases.Where(c => c.IsDriverCheck && c.Workload == one.Workload && c.Scenario == one.Scenario && c.Shape == one.Shape)];
        return trial % 2 == 1 ? pair : pair.Reverse();
    }

    private PlannedCeiling Ceiling(
        IReadOnlyList<Workload> workloads,
        IReadOnlyDictionary<string, ModelArtifact> models,
        Profile profile,
        SeedRecord seeds,
        CeilingRecord sweep,
        int trial)
    {
        var workload = workloads.Single(w => w.Name == sweep.Workload);
        var model = models[sweep.Model];
        return new PlannedCeiling(
            workload, model, sweep.BatchSize, fingerprints.Ceiling(workload, model, profile, seeds, trial, sweep.BatchSize));
    }
}
