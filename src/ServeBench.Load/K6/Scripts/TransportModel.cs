using ServeBench.Domain.Protocols;

namespace ServeBench.Load.K6.Scripts;

/// <summary>What a script's template needs to know of its wire format.</summary>
internal static class TransportModel
{
    /// <summary>The module with which a k6 speaks server-sent events; k6 itself does not.</summary>
    public const string SseModule = "k6/x/sse";

    /// <summary>The template that speaks a wire format.</summary>
    /// <exception cref="NotSupportedException">when there is none.</exception>
    public static string TemplateFor(Transport transport) => Known(transport) ?? throw new NotSupportedException($"there is no k6 template for {transport.Name}");

    /// <summary>Whether a k6 can speak a wire format.</summary>
    /// <param name="transport">The wire format.</param>
    /// <param name="extensions">What was built into that k6.</param>
    public static bool Speaks(Transport transport, IReadOnlyList<string> extensions) =>
        Known(transport) is not null && (transport is not SseTransport || extensions.Contains(SseModule));

    public static void AddTo(Dictionary<string, object> values, ScriptCase one)
    {
        values["lists"] = false;
        switch (one.Transport)
        {
            case HttpTransport http:
                AddRequest(values, http.Request, http.Response.Status, one);
                ScriptCheck[] checks = http.Response.Decoding is JsonDecoding json ? [.. Checks(json)] : [];
                values["checks"] = checks;
                values["lists"] = checks.Any(c => c.Condition.Contains("listOf", StringComparison.Ordinal));
                break;
            case SseTransport sse:
                AddRequest(values, sse.Request, sse.Status, one);
                values["isLast"] = IsLast(sse.End, "event.data");
                break;
            case GrpcTransport grpc:
                values["proto"] = grpc.Proto;
                values["grpcMethod"] = grpc.Method;
                values["streams"] = grpc.Streams;
                break;
            case WebSocketTransport socket:
                values["pathExpression"] = socket.Path;
                values["isLast"] = IsLast(socket.End, "event.data");
                break;
        }
    }

    private static string? Known(Transport transport) => transport switch
    {
        HttpTransport => "http.js.sbn",
        SseTransport => "sse.js.sbn",
        GrpcTransport => "grpc.js.sbn",
        WebSocketTransport => "websocket.js.sbn",
        _ => null,
    };

    private static void AddRequest(Dictionary<string, object> values, HttpRequestTemplate request, int status, ScriptCase one)
    {
        values["status"] = status;
        values["method"] = request.Method;
        values["headers"] = ScriptModel.ObjectOf([.. request.Headers, new("content-type", request.Body.ContentType)]);
        values["pathExpression"] = one.OwnPaths ? "${payload.path}" : one.Path ?? request.Path;
        values["bodyExpression"] = one.Binary ? "encoding.b64decode(payload.body)" : "payload.body";
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

    /// <summary>The condition under which a message is the last of an answer.</summary>
    private static string IsLast(StreamEnd end, string message)
    {
        if (end.Text is { } text) return $"{message} === {ScriptModel.Quoted(text)}";
        if (end.When is not { } when) return "true";
        var path = string.Concat(when.Steps.Select(s => s.Member is { } member ? $"?.[{ScriptModel.Quoted(member)}]" : $"?.[{s.Index ?? 0}]"));
        return $"JSON.parse(String({message})){path} === true";
    }
}
