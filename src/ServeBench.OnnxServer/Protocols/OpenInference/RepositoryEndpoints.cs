using System.Text.Json;
using ServeBench.OnnxServer.Hosting;
using ServeBench.OnnxServer.Inference;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>Triton's model repository extension, of a server whose models are loaded at its start and stay.</summary>
internal sealed class RepositoryEndpoints(ModelTable models, RequestGate gate)
{
    /// <summary>POST /v2/repository/index. The body is optional; <c>{"ready": true}</c> asks for the models that can be asked.</summary>
    public async Task IndexAsync(HttpContext context)
    {
        bool onlyReady;
        try
        {
            onlyReady = await WantsReadyAsync(context);
        }
        catch (JsonException e)
        {
            await InferErrors.WriteAsync(context, ApiError.Invalid($"The body is not valid JSON: {e.Message}"));
            return;
        }
        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var model in gate.IsDraining && onlyReady ? [] : models.All)
            {
                json.WriteStartObject();
                json.WriteString("name", model.Name);
                json.WriteString("version", Tensors.Version);
                json.WriteString("state", gate.IsDraining ? "UNAVAILABLE" : "READY");
                if (gate.IsDraining) json.WriteString("reason", ApiError.Stopping.Message);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    /// <summary>POST /v2/repository/models/{model}/load and unload: refused with Triton's status where its models are fixed.</summary>
    public static Task RefuseAsync(HttpContext context) => JsonAnswer.WriteAsync(
        context,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("error", "explicit model load / unload is not allowed: this server loads its models when it starts (--model)");
            json.WriteEndObject();
        },
        StatusCodes.Status503ServiceUnavailable);

    private static async Task<bool> WantsReadyAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAllAsync(context.Request.BodyReader, context.RequestAborted);
        try
        {
            if (body.IsEmpty) return false;
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("ready", out var ready) && ready.ValueKind == JsonValueKind.True;
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }
}
