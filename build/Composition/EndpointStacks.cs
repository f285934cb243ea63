using System.Net;
using System.Net.NetworkInformation;
using ServeBench.Build.Options;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Hosts.Endpoint;
using ServeBench.Load;
using ServeBench.Load.K6;
using ServeBench.Load.Wire;
using ServeBench.Runs.Planning;

namespace ServeBench.Build.Composition;

/// <summary>Makes stacks of the endpoints that were named, and sees to it that load goes only where the user wants it.</summary>
public static class EndpointStacks
{
    /// <summary>The catalogue with the endpoints among its stacks; the same where there are none.</summary>
    public static Catalogue In(Catalogue catalogue, EndpointOptions endpoints) => endpoints.Named.Count == 0
        ? catalogue
        : catalogue with { Stacks = [.. catalogue.Stacks, .. endpoints.Named.Select(e => StackOf(catalogue, endpoints, e))] };

    /// <summary>The hosts, each with the endpoints beside it; the same where there are none.</summary>
    public static HostCatalogue In(HostCatalogue hosts, EndpointOptions endpoints) => endpoints.Named.Count == 0
        ? hosts
        : new HostCatalogue([.. hosts.All.Select(h => new HostWithEndpoints(h, new EndpointHost(Targets)))]);

    /// <summary>
    /// Everything that is missing to ask them, at once and before anything is sent; then the user's consent for what is not this machine's.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="catalogue">The catalogue without the endpoints.</param>
    /// <param name="screen">Where the question is asked.</param>
    /// <exception cref="FaultException">when something is missing, or there is no consent.</exception>
    public static void Check(BuildOptions options, Catalogue catalogue, Screen screen)
    {
        var faults = new FaultList();
        var elsewhere = new List<string>();
        foreach (var named in options.Endpoints.Named)
        {
            var stack = StackOf(catalogue, options.Endpoints, named);
            var settings = (EndpointSettings)stack.Hosts[EndpointHost.HostName];
            CheckProtocols(catalogue, named, settings, stack, faults);
            ServerTarget?[] targets = [Targets.Of(named, settings, faults)];
            if (targets[0] is not null) targets = [targets[0], Targets.CountersOf(named, settings, faults)];
            foreach (var target in targets)
            {
                if (target is { Tls: null } && (target.Headers.Count > 0 || target.Signing is not null)
                    && !IsThisMachine(target.Address.Address))
                    faults.Add(new Fault(
                        KnownOptions.Endpoint.Name,
                        null,
                        null,
                        $"{named.Name}: credentials would go to {target.Authority} without TLS",
                        "Name it with https://, or leave the credentials out"));
                if (target is not null && !IsThisMachine(target.Address.Address))
                    elsewhere.Add($"{named.Name}: {target.Scheme}://{target.Authority} ({target.Address.Address}), {Bound(named)}");
            }
        }
        faults.ThrowIfAny();
        if (elsewhere.Count == 0 || options.Yes || Agreed(elsewhere, screen)) return;
        throw new FaultException([.. elsewhere.Select(e => new Fault(
            KnownOptions.Endpoint.Name, null, null, $"load would be sent to what is not this machine's: {e}",
            $"Agree with {KnownOptions.Yes.Name}, where you may load it"))]);
    }

    /// <summary>What a dry run says of them: what would be sent where, without looking anything up.</summary>
    public static IEnumerable<string> Describe(BuildOptions options, Catalogue catalogue)
    {
        foreach (var named in options.Endpoints.Named)
        {
            var stack = StackOf(catalogue, options.Endpoints, named);
            var known = new EndpointHost(Targets).Endpoint(stack)!;
            var settings = (EndpointSettings)stack.Hosts[EndpointHost.HostName];
            var trust = named.Address.Scheme == Uri.UriSchemeHttp
                ? "no TLS"
                : $"certificate of {named.CaFile ?? "an authority of this system"}";
            // What is no variable may be the secret itself.
            string[] secrets = [.. known.Secrets.Zip(
                settings.HeadersOf(named),
                (said, source) => Environment.GetEnvironmentVariable(source.Variable) is null
                    ? $"header {source.Name} from a variable that is not set"
                    : said)];
            yield return $"Would load {named.Name} at {named.Url}, as {named.Stack}, over "
                + $"{string.Join(" or ", stack.Protocols.Where(p => IsSpoken(catalogue, options, p)))}; {trust}; "
                + $"{(secrets.Length == 0 ? "no credentials" : string.Join(", ", secrets))}; {Bound(named)}; "
                + $"{known.ParityAbsence ?? "answers compared"}; "
                + (named.Counters is null ? "no counters" : $"counters at {named.Counters}");
        }
    }

    /// <summary>Refuses what the chosen drivers cannot send.</summary>
    /// <exception cref="FaultException">when there is such an endpoint.</exception>
    public static void CheckDrivers(BuildOptions options, Catalogue catalogue, DriverChoice drivers)
    {
        var faults = new FaultList();
        foreach (var stack in catalogue.Stacks.Where(s => s.IsEndpoint && new[] { drivers.Driver, drivers.Second }.Any(d => d is K6Driver)))
        {
            var settings = (EndpointSettings)stack.Hosts[EndpointHost.HostName];
            void No(string why) => faults.Add(new Fault(
                KnownOptions.Driver.Name, null, null, $"k6 cannot load {stack.Name}: {why}", "Use --driver=native"));
            if (settings.AwsService is not null) No("each request has to be signed when it is sent, which a script of k6 does not do here");
            else if (settings.Named!.MostPerSecond < 1) No("it keeps to bounds of one request per second and more");
            else if (Used(catalogue, options, stack).Any(p => p.Wire is WebSocketMessages))
                No("its scripts open WebSockets without TLS, headers or a path in front of the protocol's");
            else if (settings.Named!.MostPerSecond is not null && stack.Protocols.Any(p => !K6Driver.KeepsBound(catalogue.Protocol(p))))
                No("it keeps to a bound of requests per second over plain HTTP only; name such a protocol with --protocol, or no bound");
        }
        faults.ThrowIfAny();
    }

    private static EndpointTargets Targets { get; } = new(Environment.GetEnvironmentVariable);

    private static string Bound(NamedEndpoint named) =>
        named.MostPerSecond is { } most ? $"at most {most:0.###} requests/s" : "as many requests/s as it answers";

    private static bool IsSpoken(Catalogue catalogue, BuildOptions options, string protocol) =>
        Chosen(catalogue, options).Any(w => w.Protocols.Contains(protocol));

    /// <summary>The protocols by which the chosen workloads are put to an endpoint.</summary>
    private static IEnumerable<Protocol> Used(Catalogue catalogue, BuildOptions options, Stack stack) =>
        from workload in Chosen(catalogue, options)
        where workload.Protocols.Any(stack.Protocols.Contains)
        select Planner.ProtocolFor(catalogue, workload, stack);

    private static IEnumerable<Workload> Chosen(Catalogue catalogue, BuildOptions options) =>
        catalogue.Workloads.Where(w => options.Groups.Contains(w.Group) && options.Workloads?.Contains(w.Name) != false);

    private static Stack StackOf(Catalogue catalogue, EndpointOptions endpoints, NamedEndpoint named)
    {
        var kind = catalogue.Stack(named.Stack);
        var settings = kind.Hosts.GetValueOrDefault(EndpointHost.HostName) as EndpointSettings ?? new EndpointSettings();
        // A path in front of the protocol's is not that of a call over HTTP/2, and load must not go to whatever answers without it.
        var hasPath = named.Address.AbsolutePath.Length > 1;
        IReadOnlyList<string> protocols = endpoints.Protocols.TryGetValue(named.Name, out var given) ? [given]
            : [.. (settings.IsUnknown ? catalogue.Protocols.Select(p => p.Name) : kind.Protocols)
                .Where(p => !hasPath || !WireFormat.Of(catalogue.Protocol(p)).IsOverHttp2)];
        return kind with
        {
            Name = named.Name,
            Title = $"{named.Name} (endpoint, not deployed by us)",
            Summary = $"A server that ran already at {named.Url}; {kind.Title}: {kind.Summary}",
            IsEndpoint = true,
            Groups = [.. catalogue.Workloads.Where(w => w.Protocols.Any(protocols.Contains)).Select(w => w.Group).Distinct()],
            Protocols = protocols,
            OtherPrecisions = [],
            Tracks = [new Track(Track.Default, "as it was found", new Dictionary<string, string>(), [])],
            Counters = named.Counters is null ? null : kind.Counters,
            CountersAbsence = named.Counters is null ? "no counters were named (--endpoint-counters)" : kind.CountersAbsence,
            Lifecycle = kind.Lifecycle with { Listens = ListeningHabit.Loopback },
            Hosts = new Dictionary<string, object> { [EndpointHost.HostName] = settings with { Named = named } },
        };
    }

    private static void CheckProtocols(
        Catalogue catalogue, NamedEndpoint named, EndpointSettings settings, Stack stack, FaultList faults)
    {
        if (named.Counters is not null && stack.Counters is null)
            faults.Add(new Fault(
                KnownOptions.EndpointCounters.Name,
                null,
                null,
                $"{named.Name}: the folder of {named.Stack} does not say what its counters are called",
                $"Say what software it is: {KnownOptions.EndpointStack.Example}"));
        foreach (var protocol in stack.Protocols.Select(catalogue.Protocol).Where(p => p.Wire.Name != "http" && stack.Protocols.Count == 1))
        {
            if (settings.AwsService is not null)
                faults.Add(new Fault(
                    KnownOptions.Protocol.Name,
                    null,
                    null,
                    $"{named.Stack} does not carry {protocol.Wire.Name}", "Name a protocol over http"));
            if (WireFormat.Of(protocol).IsOverHttp2 && named.Address.AbsolutePath.Length > 1)
                faults.Add(new Fault(
                    KnownOptions.Endpoint.Name,
                    null,
                    null,
                    $"{named.Name}: calls over {protocol.Wire.Name} have no path", "Leave the path out"));
        }
    }

    private static bool IsThisMachine(IPAddress address) => IPAddress.IsLoopback(address)
        || NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Any(a => a.Address.Equals(address));

    /// <summary>Asks, where somebody is there to answer.</summary>
    private static bool Agreed(IReadOnlyList<string> elsewhere, Screen screen)
    {
        if (!screen.IsInteractive || Console.IsInputRedirected) return false;
        screen.Warn("Load would be sent to what is not this machine's:");
        foreach (var line in elsewhere) screen.Warn($"  {line}");
        screen.Say("May it be? Type yes to agree.");
        return string.Equals(Console.ReadLine()?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
    }
}
