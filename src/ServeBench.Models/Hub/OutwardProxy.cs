using System.Net;

namespace ServeBench.Models.Hub;

/// <summary>
/// The proxy that the environment names, but never for this machine: .NET, unlike curl's and Go's clients, sends even requests for
/// localhost through it unless NO_PROXY lists that.
/// </summary>
/// <param name="named">The environment's proxy.</param>
internal sealed class OutwardProxy(IWebProxy named) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => named.Credentials;
        set => named.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : named.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || named.IsBypassed(host);
}
