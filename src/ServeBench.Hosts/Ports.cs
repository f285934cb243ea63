using System.Globalization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts;

/// <summary>
/// The ports of a host's section of stack.yaml: <c>port: 8000</c>, or <c>ports: { http: 8000, grpc: 8001, metrics: 8002 }</c>.
/// </summary>
internal static class Ports
{
    /// <summary>Stands for a port that nobody listens on, chosen at each start.</summary>
    public const string Free = "free";

    private const string One = "port";
    private const string Several = "ports";

    /// <param name="section">The host's section.</param>
    /// <param name="mayBeFree">Whether a port may be left to be chosen, as <see cref="Free"/> or by naming none.</param>
    /// <returns>Ports by endpoint, at least one; null for one that is chosen at each start.</returns>
    public static IReadOnlyDictionary<string, int?> Read(YamlMapping section, bool mayBeFree)
    {
        if (!section.Has(Several))
        {
            int? one = mayBeFree && !section.Has(One) ? null : section.Integer(One, 1, 65535);
            section.Node(One);
            section.Node(Several);
            return new Dictionary<string, int?> { [Endpoints.Http] = one };
        }
        if (section.Has(One))
            section.Fault(Several, $"'{One}' is given, too", $"Give {One} for a server with one port, or {Several} with a name for each");
        section.Node(One);
        var several = section.Mapping(Several);
        var ports = new Dictionary<string, int?>();
        foreach (var name in several.Keys)
        {
            if (!Endpoints.Names.Contains(name))
                several.Fault(name, $"no endpoint is called '{name}'", NearestName.Remedy(name, Endpoints.Names));
            ports[name] = mayBeFree && several.Node(name)?.ToString() == Free ? null : several.Integer(name, 1, 65535);
        }
        if (ports.Count == 0) several.Fault(null, "no port is given", "Write name: port, for example http: 8000");
        foreach (var twice in ports.Where(p => p.Value is not null).GroupBy(p => p.Value).Where(g => g.Count() > 1))
            several.Fault(
                twice.Last().Key,
                $"{twice.Key} is the port of {twice.First().Key}, too",
                $"Leave {twice.Last().Key} out: what has no port of its own is asked at the first");
        several.Done();
        return ports;
    }

    /// <summary>What the placeholders of ports stand for; an endpoint without a port of its own has that of the first.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Placeholders(IReadOnlyDictionary<string, int> ports)
    {
        string Of(string name) =>
            (ports.TryGetValue(name, out var port)
                ? port
                : ports[Endpoints.Names.First(ports.ContainsKey)]).ToString(CultureInfo.InvariantCulture);
        return
        [
            new(Hosts.Placeholders.Port, Of(Endpoints.Http)),
            new(Hosts.Placeholders.GrpcPort, Of(Endpoints.Grpc)),
            new(Hosts.Placeholders.MetricsPort, Of(Endpoints.Metrics)),
        ];
    }
}
