using ServeBench.OnnxServer.Pipelines.Embedding.Tei;
using ServeBench.OnnxServer.Pipelines.Generation.Tgi;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.Grpc;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>Errors of requests that no endpoint takes, in the shape of the protocol that their path belongs to.</summary>
internal static class ProtocolErrors
{
    /// <summary>The paths of Text Embeddings Inference, those included that this server does not answer.</summary>
    private static readonly string[] Tei =
        [
            "/embed",
            "/embed_all",
            "/embed_sparse",
            "/predict",
            "/rerank",
            "/similarity",
            "/tokenize",
            "/decode",
            "/info",
            "/health",
            "/ping",
            "/invocations"];

    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        if (GrpcWire.IsCall(context.Request)) return GrpcErrors.WriteAsync(context, error);
        // An address that ends with a slash, put before a path, makes two of them.
        PathString path = $"/{context.Request.Path.Value?.TrimStart('/')}";
        if (path.StartsWithSegments("/v2", StringComparison.OrdinalIgnoreCase)) return InferErrors.WriteAsync(context, error);
        if (path.StartsWithSegments(TgiEndpoint.WholePath, StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments(TgiEndpoint.StreamPath, StringComparison.OrdinalIgnoreCase))
            return TgiErrors.WriteAsync(context, error);
        return path == "/" || Array.Exists(Tei, t => path.StartsWithSegments(t, StringComparison.OrdinalIgnoreCase))
            ? TeiErrors.WriteAsync(context, error)
            : OpenAiErrors.WriteAsync(context, error);
    }
}
