using System.Net;
using ServeBench.Domain.Protocols;
using ServeBench.Hosts;

namespace ServeBench.Runs;

/// <summary>At which of a deployment's endpoints a protocol is spoken.</summary>
internal static class ProtocolEndpoint
{
    public static IPEndPoint For(this Endpoints endpoints, Protocol protocol) => endpoints[protocol.Transport is GrpcTransport ? Endpoints.Grpc : Endpoints.Http];
}
