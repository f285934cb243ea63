using System.Net;
using ServeBench.Domain.Protocols;

namespace ServeBench.Load.Encoding;

/// <summary>The distinct requests of a workload in one protocol for one server, rendered once before the run.</summary>
public sealed class PayloadSet
{
    /// <param name="transport">How the requests are sent.</param>
    /// <param name="requests">In the order in which they are to be sent.</param>
    /// <param name="mix">After how many requests in a row the mix of sizes is complete; 1 when all are alike.</param>
    /// <exception cref="ArgumentException">when there is no request.</exception>
    public PayloadSet(Transport transport, IReadOnlyList<RenderedRequest> requests, int mix = 1)
    {
        if (requests.Count == 0) throw new ArgumentException("a payload set needs at least one request", nameof(requests));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mix);
        Transport = transport;
        Mix = mix;
        Requests = [.. requests];
    }

    public Transport Transport { get; }

    /// <summary>A sample's payload number is the place in here.</summary>
    public IReadOnlyList<RenderedRequest> Requests { get; }

    /// <summary>After how many requests in a row the mix of sizes is complete.</summary>
    public int Mix { get; }

    /// <summary>Mean bytes of the request bodies.</summary>
    public double MeanBodyBytes => Requests.Average(r => (double)r.BodyBytes);

    /// <summary>Renders one request per set of variables.</summary>
    /// <exception cref="Domain.Faults.FaultException">when the protocol asks for a variable that the payload does not give.</exception>
    public static PayloadSet Render(Protocol protocol, IPEndPoint target, IEnumerable<PayloadVariables> payloads, int mix = 1)
    {
        Func<PayloadVariables, RenderedRequest> render = protocol.Transport switch
        {
            GrpcTransport grpc => Whole(new MessageRenderer(protocol.Name, grpc.Message)),
            WebSocketTransport socket => Whole(new MessageRenderer(protocol.Name, socket.Message)),
            _ => new RequestRenderer(protocol, target).Render,
        };
        return new PayloadSet(protocol.Transport, [.. payloads.Select(render)], mix);

        // A message has no head that we write.
        static Func<PayloadVariables, RenderedRequest> Whole(MessageRenderer messages) => payload =>
        {
            var body = messages.Render(payload);
            return new RenderedRequest(body, body.Length, payload.Items);
        };
    }
}
