using System.Net;
using ServeBench.Domain.Protocols;
using ServeBench.Hosts;

namespace ServeBench.Runs;

/// <summary>At which of a deployment's endpoints a protocol is spoken.</summary>
internal static class ProtocolEndpoint
{
    /// <summary>The one that is called as the protocol's wire format is, else the deployment's first.</summary>
    public static IPEndPoint For(this Endpoints endpoints, Protocol protocol) => endpoints[protocol.Wire.Name];
}
