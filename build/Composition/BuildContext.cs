using Cake.Core;
using Cake.Frosting;
using ServeBench.Build.Options;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Storage;
using ServeBench.Hosts;
using ServeBench.Runs;
using ServeBench.Runs.Planning;

namespace ServeBench.Build.Composition;

/// <param name="Value">Options as checked before the engine started; null for targets that need no catalogue.</param>
/// <param name="Runs">Where runs are.</param>
public sealed record RequestedOptions(BuildOptions? Value, RunPlace Runs);

/// <summary>What tasks are given: the services, the checked options, and one benchmark session per group.</summary>
public sealed class BuildContext(ICakeContext context, ProgramServices services, RequestedOptions options, Outcome outcome, Interruption interruption) : FrostingContext(context)
{
    private IReadOnlyList<BenchmarkSession>? _sessions;

    public ProgramServices Services { get; } = services;

    /// <exception cref="InvalidOperationException">when the target was declared not to need the catalogue.</exception>
    public BuildOptions Options => options.Value ?? throw new InvalidOperationException("this target was not given its options");

    /// <summary>Where runs are, and which is meant.</summary>
    public RunPlace Runs => options.Runs;

    public Outcome Outcome { get; } = outcome;

    public Screen Screen => Services.Screen;

    /// <summary>Cancelled by Ctrl+C and SIGTERM.</summary>
    public CancellationToken Cancelled => interruption.Token;

    /// <summary>The runs that this program has measured or found complete.</summary>
    public List<RunFolder> Loaded { get; } = [];

    /// <summary>Whether a task is what the user asked for, rather than a step on the way: only then does it show all it knows.</summary>
    public bool IsTarget(string task) => string.Equals(Arguments.GetArgument("target"), task, StringComparison.OrdinalIgnoreCase);

    /// <summary>One session for each group asked for; tasks of one program share what it has done.</summary>
    public IReadOnlyList<BenchmarkSession> Sessions
    {
        get
        {
            if (_sessions is not null) return _sessions;
            // Tasks reach for sessions as a property; only asking k6 for its version, or fetching it, takes any time here.
            var benchmark = Services.BenchmarkAsync(Options, Cancelled).GetAwaiter().GetResult();
            Services.Observer.Say($"Load driver: {benchmark.Drivers.Driver.Name}, because {benchmark.Drivers.Why}");
            var host = Host();
            return _sessions = [.. Options.Groups.Select(group => new BenchmarkSession(benchmark, Request(group, host)))];
        }
    }

    /// <summary>The host asked for; where that was left open, the one chosen, after saying so.</summary>
    private string Host()
    {
        if (Options.Host != HostCatalogue.Auto) return Options.Host;
        var (host, why) = Services.Hosts.Choose();
        Screen.Say($"{KnownOptions.Host.Name}={HostCatalogue.Auto} is {host.Name} here: {why}");
        return host.Name;
    }

    private RunRequest Request(string group, string host) => new()
    {
        Group = group,
        Models = Options.Models,
        Stacks = Options.Stacks,
        Tracks = Options.Tracks,
        Workloads = Options.Workloads,
        Scenarios = Options.Scenarios,
        Host = host,
        Profile = Options.Profile,
        Trials = Options.Trials,
        Weights = Options.Weights,
        Seed = Options.Seed,
        Force = Options.Force,
        Offline = Options.Offline,
        RunsFolder = Options.Out,
        Command = Options.Command(group).Replace($"{KnownOptions.Host.Name}={HostCatalogue.Auto}", $"{KnownOptions.Host.Name}={host}"),
    };
}
