using ServeBench.Domain.Protocols;
using ServeBench.Domain.Targets;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Encoding;

/// <summary>The distinct requests of a workload in one protocol for one server, rendered once before the run.</summary>
public sealed class PayloadSet
{
    /// <param name="wire">How the requests are sent.</param>
    /// <param name="requests">In the order in which they are to be sent.</param>
    /// <param name="mix">After how many requests in a row the mix of sizes is complete; 1 when all are alike.</param>
    /// <exception cref="ArgumentException">when there is no request.</exception>
    public PayloadSet(WireFormat wire, IReadOnlyList<RenderedRequest> requests, int mix = 1)
    {
        if (requests.Count == 0) throw new ArgumentException("a payload set needs at least one request", nameof(requests));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mix);
        Wire = wire;
        Mix = mix;
        Rendered = [.. requests];
    }

    public WireFormat Wire { get; }

    /// <summary>A sample's payload number is the place in here.</summary>
    public IReadOnlyList<RenderedRequest> Requests => Rendered;

    /// <summary><see cref="Requests"/> for the load loop, which asks for one without a detour through the interface.</summary>
    internal RenderedRequest[] Rendered { get; }

    /// <summary>After how many requests in a row the mix of sizes is complete.</summary>
    public int Mix { get; }

    /// <summary>Mean bytes of the request bodies.</summary>
    public double MeanBodyBytes => Requests.Average(r => (double)r.BodyBytes);

    /// <summary>Renders one request per set of variables.</summary>
    /// <exception cref="Domain.Faults.FaultException">when the protocol asks for a variable that the payload does not give.</exception>
    public static PayloadSet Render(Protocol protocol, ServerTarget target, IEnumerable<PayloadVariables> payloads, int mix = 1)
    {
        var wire = WireFormat.Of(protocol);
        return new PayloadSet(wire, [.. payloads.Select(p => p.AskedOf(target)).Select(wire.Renderer(protocol.Name, target))], mix);
    }
}
