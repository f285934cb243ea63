using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenInference;

/// <summary>What a message asks.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="Id">What the client calls its request; null when it does not.</param>
internal readonly record struct GrpcAsked(GenerationModel Model, string? Id) : IAsked<GenerationRequest>
{
    ServedModel IAsked<GenerationRequest>.Model => Model;

    public bool TryQueue(GenerationRequest request) => request.TryQueue(Model.Queue);
}
