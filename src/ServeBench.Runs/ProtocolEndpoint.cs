using ServeBench.Domain.Protocols;
using ServeBench.Domain.Targets;
using ServeBench.Hosts;

namespace ServeBench.Runs;

/// <summary>At which of a deployment's endpoints a protocol is spoken.</summary>
internal static class ProtocolEndpoint
{
    /// <summary>The one that is called as the protocol's wire format is, else the deployment's first.</summary>
    public static ServerTarget For(this IDeployment deployment, Protocol protocol) => deployment.Target(protocol.Wire.Name);
}
