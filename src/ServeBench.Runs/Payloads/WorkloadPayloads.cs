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
    /// <summary>As many whole mixes of them as there are in so many requests; one at least.</summary>
    public WorkloadPayloads Some(int most) => most >= Requests.Count ? this : this with { Requests = [.. Requests.Take(Math.Max(1, most / Mix) * Mix)] };

    /// <summary>The bytes that the driver sends.</summary>
    public PayloadSet Render(Protocol protocol, IPEndPoint target) =>
        PayloadSet.Render(protocol, target, Requests.Select(texts => PayloadVariables.OfTexts(Model, texts)), Mix);
}
