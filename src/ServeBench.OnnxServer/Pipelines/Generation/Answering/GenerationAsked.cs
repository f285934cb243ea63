using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.Answering;

/// <summary>What a request asks.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="Format">How it is answered; null where it cannot be.</param>
/// <param name="Streams">True for a stream of tokens.</param>
internal readonly record struct GenerationAsked(GenerationModel Model, GenerationFormat? Format, bool Streams) : IAsked<GenerationRequest>
{
    ServedModel IAsked<GenerationRequest>.Model => Model;

    public bool TryQueue(GenerationRequest request) => request.TryQueue(Model.Queue);
}
