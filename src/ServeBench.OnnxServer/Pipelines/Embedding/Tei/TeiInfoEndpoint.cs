using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Tei;

/// <summary>GET /info, and GET /health as Text Embeddings Inference answers it.</summary>
internal sealed class TeiInfoEndpoint(ModelTable<EmbeddingModel> models, ServerOptions options, RequestGate gate)
{
    public Task InfoAsync(HttpContext context) => JsonResponse.WriteAsync(context, json =>
    {
        var model = models.All[0];
        json.WriteStartObject();
        json.WriteString("model_id", model.Manifest.Source.Repository);
        json.WriteString("model_sha", model.Manifest.Source.Revision);
        json.WriteString("model_dtype", model.Manifest.Precision == "fp32" ? "float32" : model.Manifest.Precision);
        json.WriteString("served_model_name", model.Name);
        json.WriteStartObject("model_type");
        json.WriteStartObject("embedding");
        json.WriteString("pooling", model.Own.Pooling);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteNumber("max_concurrent_requests", options.MaxQueue);
        json.WriteNumber("max_input_length", model.MaximumTokens);
        json.WriteNumber("max_batch_tokens", options.MaxBatchTokens);
        json.WriteNumber("max_batch_requests", options.MaxBatch);
        json.WriteNumber("max_client_batch_size", options.MaxItems);
        json.WriteBoolean("auto_truncate", options.Truncate);
        // Texts are tokenised by the threads that read the requests.
        json.WriteNumber("tokenization_workers", Environment.ProcessorCount);
        json.WriteString("version", ProgramVersion.Text);
        json.WriteNull("sha");
        json.WriteNull("docker_label");
        json.WriteEndObject();
    });

    public Task HealthAsync(HttpContext context) => gate.IsDraining
        ? TeiErrors.WriteAsync(context, ApiError.Stopping)
        : JsonResponse.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "ok");
            json.WriteEndObject();
        });
}
