using System.Text.Json;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>
/// GET /v2/models/{model}[/versions/{version}]/config: Triton's model configuration extension, with what is true of this
/// server. Dimensions are without the first, which counts the rows, since <c>max_batch_size</c> is not 0. Every input is
/// optional: what the model takes itself, or what is taken in its place.
/// </summary>
internal sealed class ConfigEndpoint(ModelTable<ServedModel> models, ServerOptions options)
{
    public Task HandleAsync(HttpContext context) => ModelRoute.Find(context, models) is { } model
        ? JsonResponse.WriteAsync(context, json => Write(json, model))
        : InferErrors.WriteAsync(context, ModelRoute.Unknown(context));

    private void Write(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("platform", Tensors.Platform);
        json.WriteString("backend", "onnxruntime");
        json.WriteString("runtime", "");
        json.WriteStartObject("version_policy");
        json.WriteStartObject("latest");
        json.WriteNumber("num_versions", 1);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteNumber("max_batch_size", options.MaxBatch);
        json.WriteStartArray("input");
        foreach (var input in model.Inputs) WriteInput(json, input);
        json.WriteEndArray();
        json.WriteStartArray("output");
        foreach (var output in model.Manifest.Outputs) WriteOutput(json, output);
        json.WriteEndArray();
        if (options.Batching == BatchingMode.Dynamic) WriteBatching(json);
        WriteInstances(json, model);
        json.WriteString("default_model_filename", model.Manifest.OnnxFile);
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, ManifestTensor input)
    {
        WriteBegin(json, input);
        json.WriteString("format", "FORMAT_NONE");
        json.WriteBoolean("allow_ragged_batch", false);
        json.WriteBoolean("optional", true);
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, ManifestTensor output)
    {
        WriteBegin(json, output);
        json.WriteString("label_filename", "");
        json.WriteEndObject();
    }

    private static void WriteBegin(Utf8JsonWriter json, ManifestTensor tensor)
    {
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteString(
            "data_type",
            Tensors.TypeOf(tensor) switch
            {
                Tensors.Int64 => "TYPE_INT64",
                Tensors.Bytes => "TYPE_STRING",
                Tensors.Byte => "TYPE_UINT8",
                Tensors.Flag => "TYPE_BOOL",
                _ => "TYPE_FP32",
            });
        json.WriteStartArray("dims");
        foreach (var size in Tensors.SizesOf(tensor).Skip(1)) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteBoolean("is_shape_tensor", false);
        json.WriteBoolean("is_non_linear_format_io", false);
    }

    private void WriteBatching(Utf8JsonWriter json)
    {
        json.WriteStartObject("dynamic_batching");
        json.WriteStartArray("preferred_batch_size");
        json.WriteEndArray();
        json.WriteNumber("max_queue_delay_microseconds", (long)options.MaxDelay.TotalMicroseconds);
        json.WriteBoolean("preserve_ordering", false);
        json.WriteNumber("priority_levels", 0);
        json.WriteNumber("default_priority_level", 0);
        json.WriteStartObject("priority_queue_policy");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteInstances(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteStartArray("instance_group");
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("kind", options.Provider == Provider.Cpu ? "KIND_CPU" : "KIND_GPU");
        json.WriteNumber("count", options.Instances);
        json.WriteStartArray("gpus");
        if (options.Provider != Provider.Cpu) json.WriteNumberValue(options.Device);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
