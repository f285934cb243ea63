using ServeBench.Domain.Protocols;
using ServeBench.Domain.Targets;
using ServeBench.Load.Encoding;
using ServeBench.Work;

namespace ServeBench.Runs.Payloads;

/// <summary>The distinct requests of one workload for one model; the same for every stack.</summary>
/// <param name="Model">Name of the model that they ask for.</param>
/// <param name="Requests">In the order in which they are sent.</param>
/// <param name="Mix">After how many requests in a row the mix of the workload is complete.</param>
public sealed record WorkloadPayloads(string Model, IReadOnlyList<WorkRequest> Requests, int Mix)
{
    /// <summary>As many whole mixes of them as there are in so many requests; one at least.</summary>
    public WorkloadPayloads Some(int most) =>
        most >= Requests.Count ? this : this with { Requests = [.. Requests.Take(Math.Max(1, most / Mix) * Mix)] };

    /// <summary>The bytes that the driver sends.</summary>
    public PayloadSet Render(Protocol protocol, ServerTarget target) =>
        PayloadSet.Render(protocol, target, Requests.Select(r => VariablesOf(Model, r)), Mix);

    /// <summary>What a protocol's templates are filled with.</summary>
    public static PayloadVariables VariablesOf(string model, WorkRequest request) =>
        new(request.Items, request.Values) { Model = model };
}
