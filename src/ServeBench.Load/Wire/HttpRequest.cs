using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Encoding;

namespace ServeBench.Load.Wire;

/// <summary>An HTTP request as a template: what all wire formats on HTTP/1.1 send.</summary>
/// <param name="Method">For example <c>POST</c>.</param>
/// <param name="Path">Path and query, beginning with a slash; may hold variables such as <c>${model}</c>.</param>
/// <param name="Headers">Sent as written; Host, Content-Length and Content-Type are the driver's.</param>
/// <param name="Body">What is sent.</param>
public sealed record HttpRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, HttpBody Body)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT"];

    /// <summary>Reads <c>request:</c>.</summary>
    public static HttpRequest Read(YamlMapping request, IReadOnlyCollection<string> variables)
    {
        var body = request.Mapping("body");
        var read = new HttpRequest(
            request.OneOf("method", Methods),
            ProtocolSection.ServerPath(request, variables),
            request.TextMap("headers"),
            HttpBody.Read(body, variables));
        body.Done();
        request.Done();
        return read;
    }

    /// <summary>The second word of a rendered request's first line.</summary>
    internal static string PathOf(RenderedRequest request)
    {
        var line = System.Text.Encoding.Latin1.GetString(request.Bytes, 0, Array.IndexOf(request.Bytes, (byte)'\r'));
        return line.Split(' ')[1];
    }

    /// <summary>
    /// The header of a rendered request that depends on its body, with its value; empty where there is none.
    /// </summary>
    internal IReadOnlyList<KeyValuePair<string, string>> OwnHeaders(RenderedRequest request)
    {
        if (Body.LengthHeader is not { } name) return [];
        var head = System.Text.Encoding.Latin1.GetString(request.Bytes, 0, request.Bytes.Length - request.BodyBytes);
        var line = head.Split("\r\n").Single(l => l.StartsWith($"{name}: ", StringComparison.Ordinal));
        return [new(name, line[(name.Length + 2)..])];
    }

    /// <summary>Adds what the templates of scripts name of an HTTP request.</summary>
    internal void Describe(Dictionary<string, object> values, int status, K6.Scripts.ScriptCase one)
    {
        values["status"] = status;
        values["method"] = Method;
        var headers = K6.Scripts.ScriptModel.ObjectOf(
        [
            .. Headers.Where(h => !one.SecretHeaders.Any(s => s.Key.Equals(h.Key, StringComparison.OrdinalIgnoreCase))),
            .. one.SharedHeaders,
            new("content-type", Body.ContentType),
        ]);
        values["headers"] = K6.Scripts.ScriptModel.Secrets(one) is { Length: > 0 } secrets ? $"{headers[..^2]}, {secrets} }}" : headers;
        values["pathExpression"] = one.OwnPaths ? "${payload.path}" : one.Path ?? Path;
        values["bodyExpression"] = one.Binary ? "encoding.b64decode(payload.body)" : "payload.body";
    }
}
