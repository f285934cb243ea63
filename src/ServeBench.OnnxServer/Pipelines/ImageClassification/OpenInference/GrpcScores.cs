using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Protocols.OpenInference.Grpc;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.OpenInference;

/// <summary>Requests for scores over gRPC.</summary>
internal sealed class GrpcScores(
    InferenceServices services, ModelTable<ClassificationModel> models, RequestPool<ClassificationRequest> pool)
    : GrpcInferEndpoint<ClassificationModel, ClassificationRequest, TensorAnswer>(
        services, models, pool, new ImageTensorReader(services.Options, services.Time))
{
    protected override TensorAnswer Answer(ClassificationModel model, InferHeader header, ClassificationRequest request)
    {
        var outputs = ImageTensors.Of(model, header, request.Count);
        return new TensorAnswer(model, OutputForm.Grpc, InferMessageHead.Render(model.Name, header, outputs), outputs);
    }

    protected override TensorAnswer Unread(ClassificationModel? model) => new() { Model = model! };
}
