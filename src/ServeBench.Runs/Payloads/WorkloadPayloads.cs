using System.Net;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Encoding;

namespace ServeBench.Runs.Payloads;

/// <summary>The distinct requests of one workload for one model, as texts; the same for every stack.</summary>
/// <param name="Model">Name of the model that they ask for.</param>
/// <param name="Requests">One list of texts per request.</param>
/// <param name="Mix">After how many requests in a row the mix of lengths is complete.</param>
public sealed record WorkloadPayloads(string Model, IReadOnlyList<IReadOnlyList<string>> Requests, int Mix)
{
    /// <summary>The bytes that the driver sends.</summary>
    public PayloadSet Render(Protocol protocol, IPEndPoint target) =>
        PayloadSet.Render(protocol, target, Requests.Select(texts => PayloadVariables.OfTexts(Model, texts)), Mix);
}
