using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Runs.Ceilings;
using ServeBench.Runs.Deploying;
using ServeBench.Runs.Payloads;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Storing;
using ServeBench.Work;

namespace ServeBench.Runs.Stages;

/// <summary>What is decided before anything is prepared or measured, and what stays the same until the command has ended.</summary>
internal sealed class RunSetup
{
    /// <exception cref="FaultException">when what was asked cannot be done; every fault is in it.</exception>
    public RunSetup(BenchmarkServices services, RunRequest request)
    {
        Services = services;
        Request = request;
        Known = new KnownRuns(request, services.Observer);
        Host = services.Hosts.Get(request.Host);
        if (request.UntilDecided && services.Look is null)
            throw new FaultException(new Fault(
                "--until", null, null, "there is no stopping rule in this program", "Leave --until out, and name a number of --trials"));
        if (Host.Unavailable is { } obstacle)
            throw new FaultException(new Fault("--host", null, null, $"{Host.Name}: {obstacle.Problem}", obstacle.Remedy));
        Profile = services.Catalogue.Profile(request.Profile);
        Seeds = Domain.Plans.Seeds.From(request.Seed ?? Known.DrawnSeed() ?? Domain.Plans.Seeds.Draw());
        Workloads = WorkloadSelection.Of(services.Catalogue, request);
        Work = services.Work.Of(Workloads[0]);
        CommonRates.Check(Workloads, Work);
        Stacks = StackSelection.Of(services.Catalogue, Host, request, Workloads, Profile, services.Drivers, Seeds.Base);
        Fingerprints = new Fingerprints(services.Catalogue, Host, services.Machine, services.Cores, MeasuringPrograms.Hash());
        Store = new ResultStore(Path.Combine(services.ArtifactsFolder, "results"));
        Drawn = new DrawnWorkloads(services.Catalogue, services.Work, Seeds);
        Interrupted = request.Force ? Known.InterruptedForced() : null;
        NewRunId = Interrupted ?? FreshRunId();
    }

    public BenchmarkServices Services { get; }

    public RunRequest Request { get; }

    public KnownRuns Known { get; }

    public IHost Host { get; }

    public Profile Profile { get; }

    public SeedRecord Seeds { get; }

    public IReadOnlyList<Workload> Workloads { get; }

    /// <summary>The kind of work of all workloads: a group has one.</summary>
    public WorkKind Work { get; }

    /// <summary>The stacks that could take part, before the host has prepared them.</summary>
    public StackSelection Stacks { get; }

    public Fingerprints Fingerprints { get; }

    public ResultStore Store { get; }

    public DrawnWorkloads Drawn { get; }

    /// <summary>With <c>--force</c>: the interrupted run of the same command, whose own results may be reused.</summary>
    public string? Interrupted { get; }

    /// <summary>The run that will be begun, or gone on with.</summary>
    public string NewRunId { get; }

    /// <summary>Whether a result that a run has measured may be used instead of measuring again.</summary>
    public bool MayReuse(string run) => !Request.Force || run == Interrupted;

    public string FreshRunId() => RunDirectory.NewId(Request.RunsFolder, Request.Group, Services.Time.GetUtcNow());

    /// <summary>Every workload with each of its models.</summary>
    public IEnumerable<(Workload Workload, ModelArtifact Model)> Pairs(PreparedModels models) =>
        from workload in Workloads
        from name in WorkloadSelection.ModelsOf(Services.Catalogue, Request, workload)
        select (workload, models.ByName[name]);

    public Planner NewPlanner(PreparedModels models) => new(Services.Catalogue, Host, Fingerprints, Services.Drivers, models.Variant);

    public Deployer NewDeployer() => new(Services.Catalogue, Host, Services.Cores, Services.Time);

    public CeilingMeter NewCeilingMeter() => new(Services.Work, Drawn, Services.Cores, Services.Time);
}
