using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Protocols.OpenInference.Grpc;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>Requests for embeddings over gRPC.</summary>
internal sealed class GrpcEmbeddings(InferenceServices services, ModelTable<EmbeddingModel> models, RequestPool<EmbeddingRequest> pool)
    : GrpcInferEndpoint<EmbeddingModel, EmbeddingRequest, InferAnswer>(
        services, models, pool, new InferRequestReader(services.Options, services.Time))
{
    protected override InferAnswer Answer(EmbeddingModel model, InferHeader header, EmbeddingRequest request)
    {
        var pieces = InferMessageHead.Render(model.Name, header, [EmbeddingTensors.Of(model, request.Count)]);
        return new InferAnswer(model, OutputForm.Grpc, pieces[0], pieces[1]);
    }

    protected override InferAnswer Unread(EmbeddingModel? model) => new() { Model = model! };
}
