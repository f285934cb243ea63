using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.Grpc;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Protocols.OpenInference.Grpc;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>Which path is answered by whom.</summary>
internal static class Routes
{
    public static void Map(
        IEndpointRouteBuilder endpoints,
        IReadOnlyList<IPipeline> pipelines,
        ModelTable<ServedModel> models,
        ServerOptions options,
        RequestGate gate,
        TimeProvider time)
    {
        var protocols = pipelines.SelectMany(p => p.Protocols).Distinct();
        var metrics = new ServerMetrics([.. options.GrpcPort is null ? protocols : protocols.Append(GrpcRoutes.ProtocolName)], time);
        var services = new InferenceServices
        {
            Models = models,
            Options = options,
            Gate = gate,
            Metrics = metrics,
            Sender = new AnswerSender(metrics, time),
            Time = time,
        };
        var routes = new RouteTable(endpoints, ProtocolErrors.WriteAsync);
        MapOpenAi(routes, services);
        MapOpenInference(routes, services);
        foreach (var pipeline in pipelines) pipeline.Map(routes, services);
        if (options.GrpcPort is not null) MapGrpc(routes, services, pipelines);
        routes.Get("/health", context => HealthAsync(context, gate));
        routes.Get("/metrics", new MetricsEndpoint(models, metrics, gate, pipelines).HandleAsync);
        routes.Get(OpenApiDocument.Path, OpenApiDocument.WriteAsync);
        routes.Close();
    }

    private static void MapOpenAi(RouteTable routes, InferenceServices services)
    {
        var models = new ModelsEndpoint(services.Models, services.Time);
        routes.Get("/v1/models", models.ListAsync);
        routes.Get("/v1/models/{model}", models.GetAsync);
    }

    /// <summary>Whether requests are taken, as most servers of models are asked.</summary>
    private static Task HealthAsync(HttpContext context, RequestGate gate) => gate.IsDraining
        ? ProtocolErrors.WriteAsync(context, ApiError.Stopping)
        : JsonResponse.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "ok");
            json.WriteEndObject();
        });

    private static void MapGrpc(RouteTable routes, InferenceServices services, IReadOnlyList<IPipeline> pipelines)
    {
        IGrpcInference[] answering = [.. pipelines.Select(p => p.Grpc(services)).OfType<IGrpcInference>()];
        var stream = new GrpcStream(services.Gate, services.Options.MaxBody, services.Time);
        if (answering.Length > 0) new GrpcRoutes(services, answering, stream).Map(routes);
        new HealthService(services.Gate, ReflectionService.Services, services.Options.MaxBody).Map(routes);
        new ReflectionService(stream).Map(routes);
    }

    private static void MapOpenInference(RouteTable routes, InferenceServices services)
    {
        var metadata = new MetadataEndpoints(services.Models, services.Gate);
        var config = new ConfigEndpoint(services.Models, services.Options);
        var statistics = new StatisticsEndpoint(services.Models);
        var repository = new RepositoryEndpoints(services.Models, services.Gate, services.Options);
        routes.Get("/v2", MetadataEndpoints.ServerAsync);
        routes.Get("/v2/health/live", MetadataEndpoints.LiveAsync);
        routes.Get("/v2/health/ready", metadata.ReadyAsync);
        routes.Get("/v2/models/stats", statistics.AllAsync);
        foreach (var model in ModelRoute.Paths)
        {
            routes.Get(model, metadata.ModelAsync);
            routes.Get($"{model}/ready", metadata.ModelReadyAsync);
            routes.Get($"{model}/config", config.HandleAsync);
            routes.Get($"{model}/stats", statistics.ModelAsync);
        }
        routes.Post("/v2/repository/index", repository.IndexAsync);
        routes.Post("/v2/repository/models/{model}/load", RepositoryEndpoints.RefuseAsync);
        routes.Post("/v2/repository/models/{model}/unload", RepositoryEndpoints.RefuseAsync);
    }
}
