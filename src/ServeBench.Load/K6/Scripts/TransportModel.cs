using ServeBench.Domain.Protocols;

namespace ServeBench.Load.K6.Scripts;

/// <summary>What a script's template needs to know of its wire format.</summary>
internal static class TransportModel
{
    /// <summary>The template that speaks a wire format.</summary>
    /// <exception cref="NotSupportedException">when there is none.</exception>
    public static string TemplateFor(Transport transport) => transport switch
    {
        HttpTransport => "http.js.hbs",
        _ => throw new NotSupportedException($"there is no k6 template for {transport.Name}"),
    };

    /// <summary>Why a k6 cannot speak a wire format; null when it can.</summary>
    /// <param name="transport">The wire format.</param>
    /// <param name="extensions">What was built into that k6.</param>
    public static string? Obstacle(Transport transport, IReadOnlyList<string> extensions) => transport switch
    {
        HttpTransport => null,
        _ => $"there is no k6 template for {transport.Name}",
    };

    public static void AddTo(Dictionary<string, object> values, ScriptCase one)
    {
        if (one.Transport is HttpTransport http) AddHttp(values, http.Request, http.Response, one);
    }

    private static void AddHttp(Dictionary<string, object> values, HttpRequestTemplate request, HttpResponseShape response, ScriptCase one)
    {
        values["status"] = response.Status;
        values["method"] = request.Method;
        values["headers"] = ScriptModel.ObjectOf([.. request.Headers, new("content-type", request.Body.ContentType)]);
        values["pathExpression"] = one.OwnPaths ? "${payload.path}" : request.Path;
        values["bodyExpression"] = one.Binary ? "encoding.b64decode(payload.body)" : "payload.body";
        ScriptCheck[] checks = response.Decoding is JsonDecoding json ? [.. Checks(json)] : [];
        values["checks"] = checks;
        values["lists"] = checks.Any(c => c.Condition.Contains("listOf", StringComparison.Ordinal));
    }

    private static IEnumerable<ScriptCheck> Checks(JsonDecoding json)
    {
        var items = GjsonPath.Of(json.Items);
        yield return new ScriptCheck("one answer for each item", GjsonPath.IsCount(json.Items)
            ? $"a.json({ScriptModel.Quoted(items)}) === payload.items"
            : $"listOf(a.json({ScriptModel.Quoted(items)})).length === payload.items");
        if (json.Embedding is { } embedding)
            yield return new ScriptCheck("every item is a vector", $"listOf(a.json({ScriptModel.Quoted(GjsonPath.Of(embedding))})).every((v) => listOf(v).length > 0)");
    }
}
