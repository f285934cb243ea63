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
    public static void Map(IEndpointRouteBuilder endpoints, ModelTable models, ServerOptions options, RequestGate gate, TimeProvider time)
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
        var routes = new RouteTable(endpoints);
        MapOpenAi(routes, services);
        MapTei(routes, services);
        MapOpenInference(routes, services);
        routes.Get("/metrics", new MetricsEndpoint(models, metrics, gate).HandleAsync);
        routes.Get(OpenApiDocument.Path, OpenApiDocument.WriteAsync);
        routes.Close();
    }

    private static void MapOpenAi(RouteTable routes, InferenceServices services)
    {
        var models = new ModelsEndpoint(services.Models, services.Time);
        routes.Post("/v1/embeddings", new OpenAiEndpoint(services).HandleAsync);
        routes.Get("/v1/models", models.ListAsync);
        routes.Get("/v1/models/{model}", models.GetAsync);
    }

    private static void MapTei(RouteTable routes, InferenceServices services)
    {
        var info = new TeiInfoEndpoint(services.Models, services.Options, services.Gate);
        var embed = new TeiEndpoint(services);
        routes.Post("/embed", embed.HandleAsync);
        // Where the hub's own client sends what it wants embedded, and asks for health.
        routes.Post("/", embed.HandleAsync);
        routes.Get("/", info.HealthAsync);
        routes.Get("/info", info.InfoAsync);
        routes.Get("/health", info.HealthAsync);
    }

    private static void MapOpenInference(RouteTable routes, InferenceServices services)
    {
        var metadata = new MetadataEndpoints(services.Models, services.Gate);
        var config = new ConfigEndpoint(services.Models, services.Options);
        var statistics = new StatisticsEndpoint(services.Models);
        var repository = new RepositoryEndpoints(services.Models, services.Gate, services.Options);
        var infer = new InferEndpoint(services);
        routes.Get("/v2", MetadataEndpoints.ServerAsync);
        routes.Get("/v2/health/live", MetadataEndpoints.LiveAsync);
        routes.Get("/v2/health/ready", metadata.ReadyAsync);
        routes.Get("/v2/models/stats", statistics.AllAsync);
        foreach (var model in new[] { "/v2/models/{model}", "/v2/models/{model}/versions/{version}" })
        {
            routes.Get(model, metadata.ModelAsync);
            routes.Get($"{model}/ready", metadata.ModelReadyAsync);
            routes.Get($"{model}/config", config.HandleAsync);
            routes.Get($"{model}/stats", statistics.ModelAsync);
            routes.Post($"{model}/infer", infer.HandleAsync);
        }
        routes.Post("/v2/repository/index", repository.IndexAsync);
        routes.Post("/v2/repository/models/{model}/load", RepositoryEndpoints.RefuseAsync);
        routes.Post("/v2/repository/models/{model}/unload", RepositoryEndpoints.RefuseAsync);
    }
}
