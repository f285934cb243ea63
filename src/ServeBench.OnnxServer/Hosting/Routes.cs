using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Inference;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.Inference;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Protocols.Tei;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>Which path is answered by whom.</summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder routes, ModelTable models, ServerOptions options, RequestGate gate, TimeProvider time)
    {
        var metrics = new ServerMetrics(time);
        var services = new InferenceServices
        {
            Models = models,
            Options = options,
            Gate = gate,
            Metrics = metrics,
            Pool = new(),
            Sender = new AnswerSender(metrics, time),
            Time = time,
        };
        MapOpenAi(routes, services);
        MapTei(routes, services);
        MapOpenInference(routes, services);
        routes.MapGet("/metrics", new MetricsEndpoint(models, metrics, gate).HandleAsync);
        routes.MapGet(OpenApiDocument.Path, OpenApiDocument.WriteAsync);
        routes.MapFallback(OpenAiErrors.WriteUnknownAsync);
    }

    private static void MapOpenAi(IEndpointRouteBuilder routes, InferenceServices services)
    {
        var models = new ModelsEndpoint(services.Models, services.Time);
        routes.MapPost("/v1/embeddings", new OpenAiEndpoint(services).HandleAsync);
        routes.MapGet("/v1/models", models.ListAsync);
        routes.MapGet("/v1/models/{model}", models.GetAsync);
    }

    private static void MapTei(IEndpointRouteBuilder routes, InferenceServices services)
    {
        var info = new TeiInfoEndpoint(services.Models, services.Options, services.Gate);
        routes.MapPost("/embed", new TeiEndpoint(services).HandleAsync);
        routes.MapGet("/info", info.InfoAsync);
        routes.MapGet("/health", info.HealthAsync);
    }

    private static void MapOpenInference(IEndpointRouteBuilder routes, InferenceServices services)
    {
        var metadata = new MetadataEndpoints(services.Models, services.Gate);
        var infer = new InferEndpoint(services);
        routes.MapGet("/v2", MetadataEndpoints.ServerAsync);
        routes.MapGet("/v2/health/live", MetadataEndpoints.LiveAsync);
        routes.MapGet("/v2/health/ready", metadata.ReadyAsync);
        foreach (var model in new[] { "/v2/models/{model}", "/v2/models/{model}/versions/{version}" })
        {
            routes.MapGet(model, metadata.ModelAsync);
            routes.MapGet($"{model}/ready", metadata.ModelReadyAsync);
            routes.MapPost($"{model}/infer", infer.HandleAsync);
        }
    }
}
