using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;

namespace ServeBench.Hosts;

/// <summary>The hosts that this program can use, by name: the default first, and the further back the nearer to production.</summary>
public sealed class HostCatalogue(IReadOnlyList<IHost> hosts)
{
    public IReadOnlyList<IHost> All { get; } = hosts;

    /// <summary>Stands for the last host that can be used here.</summary>
    public const string Auto = "auto";

    public IReadOnlyList<string> Names { get; } = [.. hosts.Select(h => h.Name)];

    /// <summary>Has every host look at its place, and at these stacks.</summary>
    public Task LookAsync(IReadOnlyList<Stack> stacks, CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(h => h.LookAsync(stacks, cancellationToken)));

    /// <summary>What <see cref="Auto"/> stands for here, and why; known once they have looked.</summary>
    public (IHost Host, string Why) Choose()
    {
        var passed = new List<string>();
        foreach (var host in All.Reverse())
        {
            if (host.Unavailable is not { } obstacle) return (host, passed.Count == 0 ? host.Summary : string.Join("; ", passed));
            passed.Add($"{host.Name} cannot be used: {obstacle.Problem}");
        }
        return (All[0], string.Join("; ", passed));
    }

    /// <exception cref="FaultException">when there is no such host.</exception>
    public IHost Get(string name) => All.FirstOrDefault(h => h.Name == name)
        ?? throw new FaultException(new Fault("--host", null, null, $"no host is called '{name}'", NearestName.Remedy(name, Names)));
}
