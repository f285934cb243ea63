using System.Text.Json;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>What the Open Inference Protocol says about the server and its models: health and metadata.</summary>
internal sealed class MetadataEndpoints(ModelTable<ServedModel> models, RequestGate gate)
{
    private static readonly string[] Extensions = ["binary_tensor_data", "model_configuration", "model_repository", "statistics"];

    /// <summary>GET /v2/health/live: the process answers.</summary>
    public static Task LiveAsync(HttpContext context) => JsonResponse.WriteAsync(context, json => WriteFlag(json, "live", true));

    /// <summary>GET /v2/health/ready: false as soon as the server has been asked to end.</summary>
    public Task ReadyAsync(HttpContext context) =>
        JsonResponse.WriteAsync(
            context,
            json => WriteFlag(json, "ready", !gate.IsDraining),
            gate.IsDraining ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);

    /// <summary>GET /v2/models/{model}[/versions/{version}]/ready.</summary>
    public Task ModelReadyAsync(HttpContext context) => ModelRoute.Find(context, models) is { } model
        ? JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("name", model.Name);
                json.WriteBoolean("ready", !gate.IsDraining);
                json.WriteEndObject();
            },
            gate.IsDraining ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK)
        : InferErrors.WriteAsync(context, ModelRoute.Unknown(context));

    /// <summary>GET /v2.</summary>
    public static Task ServerAsync(HttpContext context) => JsonResponse.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", "ServeBench.OnnxServer");
        json.WriteString("version", ProgramVersion.Text);
        json.WriteStartArray("extensions");
        foreach (var extension in Extensions) json.WriteStringValue(extension);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>GET /v2/models/{model}[/versions/{version}].</summary>
    public Task ModelAsync(HttpContext context) => ModelRoute.Find(context, models) is { } model
        ? JsonResponse.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteStartArray("versions");
            json.WriteStringValue(Tensors.Version);
            json.WriteEndArray();
            json.WriteString("platform", Tensors.Platform);
            WriteTensors(json, "inputs", model.Inputs);
            WriteTensors(json, "outputs", model.Manifest.Outputs);
            json.WriteEndObject();
        })
        : InferErrors.WriteAsync(context, ModelRoute.Unknown(context));

    private static void WriteTensors(Utf8JsonWriter json, string member, IEnumerable<ManifestTensor> tensors)
    {
        json.WriteStartArray(member);
        foreach (var tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("datatype", Tensors.TypeOf(tensor));
            json.WriteStartArray("shape");
            foreach (var size in Tensors.SizesOf(tensor)) json.WriteNumberValue(size);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool value)
    {
        json.WriteStartObject();
        json.WriteBoolean(name, value);
        json.WriteEndObject();
    }
}
