using ServeBench.Domain.Faults;

namespace ServeBench.Hosts;

/// <summary>The hosts that this program can use, by name.</summary>
public sealed class HostCatalogue(IReadOnlyList<IHost> hosts)
{
    public IReadOnlyList<IHost> All { get; } = hosts;

    public IReadOnlyList<string> Names { get; } = [.. hosts.Select(h => h.Name)];

    /// <exception cref="FaultException">when there is no such host.</exception>
    public IHost Get(string name) => All.FirstOrDefault(h => h.Name == name)
        ?? throw new FaultException(new Fault("--host", null, null, $"no host is called '{name}'", NearestName.Remedy(name, Names)));
}
