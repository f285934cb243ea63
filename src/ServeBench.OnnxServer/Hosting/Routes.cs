using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Inference;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenAi;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>Which path is answered by whom.</summary>
internal static class Routes
{
    public static void Map(WebApplication application, ModelTable models, ServerOptions options)
    {
        var pool = new InferenceRequestPool();
        var embeddings = new EmbeddingsEndpoint(new EmbeddingsRequestReader(models, options), pool);
        var list = new ModelsEndpoint(models, TimeProvider.System);
        var metrics = new MetricsEndpoint(models);

        application.MapPost("/v1/embeddings", embeddings.HandleAsync);
        application.MapGet("/v1/models", list.ListAsync);
        application.MapGet("/v1/models/{model}", list.GetAsync);
        application.MapGet("/health", Health);
        application.MapGet("/metrics", metrics.HandleAsync);
        application.MapFallback(context => OpenAiError.NotFound(context.Request.Method, context.Request.Path).WriteAsync(context));
    }

    private static Task Health(HttpContext context) => JsonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", "ok");
        json.WriteEndObject();
    });
}
