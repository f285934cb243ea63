using ServeBench.Build.Options;
using ServeBench.Domain.Faults;
using ServeBench.Hosts;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Runs;
using ServeBench.Runs.Planning;

namespace ServeBench.Build.Composition;

/// <summary>
/// Opens the sessions of a run, and says in its first lines what was decided for it: the driver, and the host where that was left
/// open.
/// </summary>
public static class BenchmarkSessions
{
    /// <returns>One session for each group asked for.</returns>
    /// <exception cref="Domain.Faults.FaultException">when what was asked for cannot be done; every fault of a group is in it.</exception>
    public static async Task<IReadOnlyList<BenchmarkSession>> OpenAsync(
        ProgramServices services, BuildOptions options, CancellationToken ct)
    {
        var benchmark = await services.BenchmarkAsync(options, ct);
        await services.Hosts.LookAsync(services.Catalogue.Stacks, ct);
        var (host, chosen) = Host(services, options);
        EndpointStacks.CheckDrivers(options, benchmark.Catalogue, benchmark.Drivers);
        BenchmarkSession[] sessions =
            [.. options.Groups.Select(group => new BenchmarkSession(benchmark, Request(services, options, group, host)))];
        services.Observer.Say(
            $"Load driver: {benchmark.Drivers.Driver.Name}, because {benchmark.Drivers.Reason(sessions.SelectMany(s => s.Protocols))}");
        if (benchmark.Drivers.Second is { } second) services.Observer.Say($"{second.Name} measures the headlines once more");
        foreach (var named in options.Endpoints.Named.Where(e => !e.ComparesAnswers))
            services.Observer.Warn(
                $"{named.Name}: parity not checked, because {KnownOptions.Model.Name} does not say which model it serves");
        if (chosen is not null) services.Screen.Say(chosen);
        return sessions;
    }

    /// <summary>The host asked for; where that was left open, the one chosen, with what is to be said of it.</summary>
    private static (string Host, string? Chosen) Host(ProgramServices services, BuildOptions options)
    {
        if (options.Host != HostCatalogue.Auto) return (options.Host, null);
        var (host, why) = services.Hosts.Choose();
        return (host.Name, $"{KnownOptions.Host.Name}={HostCatalogue.Auto} is {host.Name} here: {why}");
    }

    /// <summary>Every precision in which each of a group's models can be prepared.</summary>
    private static IReadOnlyList<string> AllOf(ProgramServices services, BuildOptions options, string group)
    {
        var models = services.Catalogue.Models.Where(m => m.Groups.Contains(group) && options.Models?.Contains(m.Name) != false);
        return [.. KnownPrecisions.Names.Where(p => models.All(m => services.Models.PrecisionsOf(m).Contains(p)))];
    }

    /// <summary>The stacks that were named, and the endpoints; endpoints alone where no stack was.</summary>
    private static IReadOnlyList<string>? StacksOf(BuildOptions options)
    {
        string[] endpoints = [.. options.Endpoints.Named.Select(e => e.Name)];
        if (endpoints.Length == 0) return options.Stacks;
        return options.Endpoints.Alone ? endpoints : options.Stacks is null ? null : [.. options.Stacks, .. endpoints];
    }

    private static RunRequest Request(ProgramServices services, BuildOptions options, string group, string host) => new()
    {
        Group = group,
        Models = options.Models,
        Stacks = StacksOf(options),
        Tracks = options.Tracks,
        Workloads = options.Workloads,
        Scenarios = options.Scenarios,
        Host = host,
        Profile = options.Profile,
        Trials = options.Trials,
        UntilDecided = options.UntilDecided,
        Budget = options.Budget,
        Weights = options.Weights,
        Precisions = options.Precisions ?? AllOf(services, options, group),
        Seed = options.Seed,
        // What an endpoint is today cannot be known: what it was found to do in another run says nothing of it (decision 0176).
        Force = options.Force || options.Endpoints.Named.Count > 0,
        ReuseAny = options.ReuseAny,
        Offline = options.Offline,
        MayListenEverywhere = options.Yes,
        RunsFolder = options.Out,
        Command = Redaction.Of(options
            .Command(group)
            .Replace($"{KnownOptions.Host.Name}={HostCatalogue.Auto}", $"{KnownOptions.Host.Name}={host}")),
    };
}
