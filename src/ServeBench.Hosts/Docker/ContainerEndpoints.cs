using System.Net;
using ServeBench.Hosts.Engines;

namespace ServeBench.Hosts.Docker;

/// <summary>
/// Where a container answers: at its own address where this machine routes to it, for a published port leads through a proxy of the
/// engine, whose work would be counted as nobody's. Elsewhere at its published ports.
/// </summary>
internal static class ContainerEndpoints
{
    public static Endpoints Of(DockerEngine engine, Container container, DockerHostSettings settings, SshTunnel? tunnel)
    {
        IPEndPoint Of(int port)
        {
            if (engine is { IsNative: true, IsRootless: false } && container.Address is { } address) return new IPEndPoint(address, port);
            // A container that has already ended has neither; nobody listens on port 1.
            if (!container.PublishedPorts.TryGetValue(port, out var published)) return new IPEndPoint(IPAddress.Loopback, 1);
            return tunnel?.EndOf(published) ?? new IPEndPoint(IPAddress.Loopback, published);
        }
        return new Endpoints(settings.Ports.ToDictionary(p => p.Key, p => Of(p.Value)));
    }
}
