using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Pipelines.Embedding.OpenAi;
using ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;
using ServeBench.OnnxServer.Pipelines.Embedding.Tei;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding;

/// <summary>
/// Texts in, embeddings out: over OpenAI's interface, that of Text Embeddings Inference, and the Open Inference Protocol.
/// </summary>
internal sealed class EmbeddingPipeline : IPipeline
{
    public IReadOnlyList<string> Protocols { get; } = [OpenAiErrors.Protocol, TeiEndpoint.ProtocolName, Tensors.Protocol];

    public bool Takes(ModelManifest manifest) => manifest.Outputs.Any(o => o.Name == "embedding");

    public ServedModel Load(ModelFolder folder, ServerOptions options, TimeProvider time, ILogger logger) =>
        EmbeddingModel.Load(folder, options, time, logger);

    public void Map(RouteTable routes, InferenceServices services)
    {
        var models = services.Models.Of<EmbeddingModel>();
        if (models.All.Count == 0) return;
        var pool = new RequestPool<EmbeddingRequest>();
        routes.Post("/v1/embeddings", new OpenAiEndpoint(services, models, pool).HandleAsync);
        MapTei(routes, services, models, pool);
        var infer = new InferEndpoint(services, models, pool);
        foreach (var model in ModelRoute.Paths) routes.Post($"{model}/infer", infer.Takes, infer.HandleAsync);
    }

    public IGrpcInference? Grpc(InferenceServices services)
    {
        var models = services.Models.Of<EmbeddingModel>();
        return models.All.Count == 0 ? null : new GrpcEmbeddings(services, models, new RequestPool<EmbeddingRequest>());
    }

    private static void MapTei(
        RouteTable routes, InferenceServices services, ModelTable<EmbeddingModel> models, RequestPool<EmbeddingRequest> pool)
    {
        var info = new TeiInfoEndpoint(models, services.Options, services.Gate);
        var embed = new TeiEndpoint(services, models, pool);
        routes.Post("/embed", embed.HandleAsync);
        // Where the hub's own client sends what it wants embedded, and asks for health.
        routes.Post("/", embed.HandleAsync);
        routes.Get("/", info.HealthAsync);
        routes.Get("/info", info.InfoAsync);
    }
}
