using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Pipelines.ImageClassification.OpenInference;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Rest;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification;

/// <summary>Images in, scores of classes out: as files over an interface of our own, and over the Open Inference Protocol.</summary>
internal sealed class ImageClassificationPipeline : IPipeline
{
    public IReadOnlyList<string> Protocols { get; } = [ClassifyEndpoint.ProtocolName, Tensors.Protocol];

    public bool Takes(ModelManifest manifest) => ClassificationManifest.IsOf(manifest);

    public ServedModel Load(ModelFolder folder, ServerOptions options, TimeProvider time, ILogger logger) =>
        ClassificationModel.Load(folder, options, time, logger);

    public void Map(RouteTable routes, InferenceServices services)
    {
        var models = services.Models.Of<ClassificationModel>();
        if (models.All.Count == 0) return;
        var pool = new RequestPool<ClassificationRequest>();
        routes.Post(ClassifyEndpoint.Path, new ClassifyEndpoint(services, models, pool).HandleAsync);
        var infer = new ImageInferEndpoint(services, models, pool);
        foreach (var model in ModelRoute.Paths) routes.Post($"{model}/infer", infer.Takes, infer.HandleAsync);
    }

    public IGrpcInference? Grpc(InferenceServices services)
    {
        var models = services.Models.Of<ClassificationModel>();
        return models.All.Count == 0 ? null : new GrpcScores(services, models, new RequestPool<ClassificationRequest>());
    }
}
