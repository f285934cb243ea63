using System.Text.Json;
using ServeBench.OnnxServer.Hosting;
using ServeBench.OnnxServer.Inference;
using ServeBench.Models.Store;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>What the Open Inference Protocol says about the server and its models: health and metadata.</summary>
internal sealed class MetadataEndpoints(ModelTable models, RequestGate gate)
{
    /// <summary>GET /v2/health/live: the process answers.</summary>
    public static Task LiveAsync(HttpContext context) => JsonAnswer.WriteAsync(context, json => WriteFlag(json, "live", true));

    /// <summary>GET /v2/health/ready: false as soon as the server has been told to end.</summary>
    public Task ReadyAsync(HttpContext context) =>
        JsonAnswer.WriteAsync(context, json => WriteFlag(json, "ready", !gate.IsDraining), gate.IsDraining ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);

    /// <summary>GET /v2/models/{model}[/versions/{version}]/ready.</summary>
    public Task ModelReadyAsync(HttpContext context) => ModelRoute.Find(context, models) is { } model
        ? JsonAnswer.WriteAsync(
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
    public static Task ServerAsync(HttpContext context) => JsonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", "ServeBench.OnnxServer");
        json.WriteString("version", ProgramVersion.Text);
        json.WriteStartArray("extensions");
        json.WriteStringValue("binary_tensor_data");
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>GET /v2/models/{model}[/versions/{version}].</summary>
    public Task ModelAsync(HttpContext context) => ModelRoute.Find(context, models) is { } model
        ? JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteStartArray("versions");
            json.WriteStringValue(Tensors.Version);
            json.WriteEndArray();
            json.WriteString("platform", "onnxruntime_onnx");
            WriteTensors(json, "inputs", model.Manifest.Inputs);
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
            json.WriteString("datatype", tensor.Type == "int64" ? Tensors.Int64 : Tensors.Single);
            json.WriteStartArray("shape");
            // A size that the caller chooses has a name in the manifest, and is -1 here.
            foreach (var size in tensor.Shape) json.WriteNumberValue(int.TryParse(size, out var number) ? number : -1);
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
