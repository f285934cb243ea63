using System.Buffers;
using System.Text.Json;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>Triton's model repository extension, of a server whose models are loaded at its start and stay.</summary>
internal sealed class RepositoryEndpoints(ModelTable<ServedModel> models, RequestGate gate, ServerOptions options)
{
    /// <summary>POST /v2/repository/index. The body is optional; <c>{"ready": true}</c> asks for the models that can be asked.</summary>
    public async Task IndexAsync(HttpContext context)
    {
        var (onlyReady, error) = await ReadAsync(context);
        if (error is not null)
        {
            await InferErrors.WriteAsync(context, error);
            return;
        }
        await JsonResponse.WriteAsync(context, json =>
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
    public static Task RefuseAsync(HttpContext context) => JsonResponse.WriteAsync(
        context,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("error", "explicit model load / unload is not allowed: this server loads its models when it starts (--model)");
            json.WriteEndObject();
        },
        StatusCodes.Status503ServiceUnavailable);

    /// <returns>Whether only models are wanted that can be asked, and what is wrong with the body.</returns>
    private async Task<(bool OnlyReady, ApiError? Error)> ReadAsync(HttpContext context)
    {
        if (ContentCoding.Refuse(context) is { } coded) return (false, coded);
        try
        {
            var body = await RequestBody.ReadAllAsync(context);
            var onlyReady = Read(context.Request, body, out var error);
            context.Request.BodyReader.AdvanceTo(body.End);
            return (onlyReady, error);
        }
        catch (BadHttpRequestException e)
        {
            return (false, RequestBody.Explain(e));
        }
    }

    private bool Read(HttpRequest request, in ReadOnlySequence<byte> body, out ApiError? error)
    {
        error = null;
        if (body.IsEmpty) return false;
        try
        {
            if (!ContentCoding.IsCoded(request)) return WantsReady(body);
            using var decoded = ContentCoding.Decode(request, body, options.MaxBody, out error);
            return error is null && WantsReady(new ReadOnlySequence<byte>(decoded.Bytes.ToArray()));
        }
        catch (JsonException e)
        {
            error = JsonFaults.Explain(e);
            return false;
        }
    }

    private static bool WantsReady(in ReadOnlySequence<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("ready", out var ready)
            && ready.ValueKind == JsonValueKind.True;
    }
}
