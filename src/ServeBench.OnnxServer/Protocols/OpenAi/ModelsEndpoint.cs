using System.Text.Json;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>GET /v1/models and /v1/models/{model}.</summary>
internal sealed class ModelsEndpoint(ModelTable<ServedModel> models, TimeProvider time)
{
    private readonly long _created = time.GetUtcNow().ToUnixTimeSeconds();

    public Task ListAsync(HttpContext context) => JsonResponse.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var model in models.All) Write(json, model);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public Task GetAsync(HttpContext context)
    {
        var name = SlashedNames.Decode((string?)context.Request.RouteValues["model"])!;
        return models.Find(name) is { } model
            ? JsonResponse.WriteAsync(context, json => Write(json, model))
            : OpenAiErrors.WriteAsync(context, ApiError.UnknownModel(name));
    }

    private void Write(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteStartObject();
        json.WriteString("id", model.Name);
        json.WriteString("object", "model");
        json.WriteNumber("created", _created);
        json.WriteString("owned_by", "servebench");
        json.WriteEndObject();
    }
}
