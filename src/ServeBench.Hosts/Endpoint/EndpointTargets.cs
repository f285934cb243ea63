using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Targets;

namespace ServeBench.Hosts.Endpoint;

/// <summary>Finds out what sending requests to a named endpoint takes: its address, its authorities and the secrets.</summary>
/// <param name="variable">Looks up an environment variable.</param>
public sealed class EndpointTargets(Func<string, string?> variable)
{
    private const string Flag = "--endpoint";

    /// <summary>Where requests go; its address is known once it has been resolved.</summary>
    /// <param name="endpoint">Where that is.</param>
    /// <param name="settings">What its folder says.</param>
    /// <param name="faults">Gets all that is missing.</param>
    public ServerTarget? Of(NamedEndpoint endpoint, EndpointSettings settings, FaultList faults)
    {
        var before = faults.Count;
        var target = Plain(endpoint, endpoint.Address, faults);
        var signing = settings.AwsService is { } service ? AwsCredentials.Find(endpoint.Address.Host, service, variable, faults) : null;
        var headers = Headers(endpoint, settings, faults);
        var path = endpoint.Address.AbsolutePath.TrimEnd('/');
        return faults.Count > before || target is null ? null : target with
        {
            BasePath = settings.IsWholePath ? "" : path,
            WholePath = !settings.IsWholePath ? null : path.Length == 0 ? "/" : path,
            Headers = headers,
            Signing = signing,
            Model = endpoint.Model,
            MostPerSecond = endpoint.MostPerSecond,
        };
    }

    /// <summary>Where its counters are; they get the headers only where they are on the same host.</summary>
    public ServerTarget? CountersOf(NamedEndpoint endpoint, EndpointSettings settings, FaultList faults)
    {
        if (endpoint.Counters is null) return null;
        var url = new Uri(endpoint.Counters);
        if (Plain(endpoint, url, faults) is not { } target) return null;
        var isSame = url.Host == endpoint.Address.Host && url.Scheme == endpoint.Address.Scheme;
        return target with { Headers = isSame ? Headers(endpoint, settings, faults) : [], WholePath = url.AbsolutePath };
    }

    /// <summary>The headers with their secrets; one that the user names goes before that of the folder.</summary>
    private List<SecretHeader> Headers(NamedEndpoint endpoint, EndpointSettings settings, FaultList faults)
    {
        var headers = new List<SecretHeader>();
        foreach (var source in settings.HeadersOf(endpoint))
        {
            var value = variable(source.Variable)?.Trim();
            if (string.IsNullOrEmpty(value))
                faults.Add(new Fault(
                    Flag,
                    null,
                    null,
                    $"{endpoint.Name}: the variable that the value of its header {source.Name} comes from is not set",
                    "Set it in the environment of this command; the option takes the variable's name, not its value"));
            else if (!value.All(c => c is >= ' ' and <= '~'))
                faults.Add(new Fault(
                    Flag,
                    null,
                    null,
                    $"{endpoint.Name}: the value of its header {source.Name} holds a character that a header cannot",
                    "Only printable ASCII can be sent; is there a line break in the variable?"));
            else headers.Add(new SecretHeader(source.Name, source.Variable, source.Before + value));
        }
        return headers;
    }

    private static ServerTarget? Plain(NamedEndpoint endpoint, Uri url, FaultList faults)
    {
        var trust = url.Scheme == Uri.UriSchemeHttps ? Trust(endpoint, url, faults) : null;
        if (Resolve(endpoint, url, faults) is not { } address) return null;
        // The default port is left out, as every client does: a signature holds for the header as it is sent.
        return new ServerTarget(new IPEndPoint(address, url.Port)) { Authority = url.Authority, Tls = trust };
    }

    /// <returns>The first address of the name, of IPv4 where it has one.</returns>
    private static IPAddress? Resolve(NamedEndpoint endpoint, Uri url, FaultList faults)
    {
        try
        {
            return Dns.GetHostAddresses(url.IdnHost).OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First();
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or ArgumentException)
        {
            faults.Add(new Fault(
                Flag,
                null,
                null,
                $"{endpoint.Name}: the name {url.Host} has no address: {e.Message}", "Is it spelt right, and known here?"));
            return null;
        }
    }

    private static TlsTrust Trust(NamedEndpoint endpoint, Uri url, FaultList faults)
    {
        var trust = new TlsTrust(url.IdnHost, endpoint.CaFile);
        if (endpoint.CaFile is not { } file) return trust;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            faults.Add(new Fault("--endpoint-ca", null, null, $"{file} cannot be read: {e.Message}", "Name a file with certificates, PEM"));
        }
        if (authorities.Count == 0)
            faults.Add(new Fault("--endpoint-ca", null, null, $"{file} holds no certificate", "Name a file with certificates, PEM"));
        return trust with { Authorities = authorities };
    }
}
