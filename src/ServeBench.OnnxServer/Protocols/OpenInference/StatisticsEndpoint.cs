using System.Text.Json;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>
/// Triton's statistics extension. Times are nanoseconds. <c>compute_input</c> of <c>inference_stats</c> is receiving and
/// reading, of <c>batch_stats</c> laying the items out; <c>compute_output</c> is writing the answer, and handing the
/// results out. What the server has not, a cache and answers in several parts, is 0 and empty.
/// </summary>
internal sealed class StatisticsEndpoint(ModelTable<ServedModel> models)
{
    /// <summary>GET /v2/models/stats.</summary>
    public Task AllAsync(HttpContext context) => WriteAsync(context, models.All);

    /// <summary>GET /v2/models/{model}[/versions/{version}]/stats.</summary>
    public Task ModelAsync(HttpContext context) => ModelRoute.Find(context, models) is { } model
        ? WriteAsync(context, [model])
        : InferErrors.WriteAsync(context, ModelRoute.Unknown(context));

    private static Task WriteAsync(HttpContext context, IReadOnlyList<ServedModel> asked) => JsonResponse.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("model_stats");
        foreach (var model in asked) Write(json, model);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, ServedModel model)
    {
        var (requests, batches) = model.Metrics.Statistics.Read();
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("version", Tensors.Version);
        json.WriteNumber("last_inference", requests.LastInference);
        json.WriteNumber("inference_count", requests.Items);
        json.WriteNumber("execution_count", requests.Executions);
        json.WriteStartObject("inference_stats");
        Write(json, "success", requests.Success);
        Write(json, "fail", requests.Failure);
        Write(json, "queue", requests.Waiting);
        Write(json, "compute_input", requests.Reading);
        Write(json, "compute_infer", requests.Inference);
        Write(json, "compute_output", requests.Writing);
        Write(json, "cache_hit", default);
        Write(json, "cache_miss", default);
        json.WriteEndObject();
        json.WriteStartObject("response_stats");
        json.WriteEndObject();
        json.WriteStartArray("batch_stats");
        foreach (var (texts, batch) in batches)
        {
            json.WriteStartObject();
            json.WriteNumber("batch_size", texts);
            Write(json, "compute_input", new(batch.Executions, batch.LayingOut));
            Write(json, "compute_infer", new(batch.Executions, batch.Inference));
            Write(json, "compute_output", new(batch.Executions, batch.HandingOut));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("memory_usage");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Counted counted)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", counted.Count);
        json.WriteNumber("ns", counted.Time.Ticks * TimeSpan.NanosecondsPerTick);
        json.WriteEndObject();
    }
}
