using System.Text.RegularExpressions;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Protocols;

/// <summary>Reads k6/protocols/&lt;name&gt;.yaml.</summary>
internal static partial class ProtocolReader
{
    private static readonly string[] Transports = ["http", "sse", "grpc", "websocket"];
    private static readonly string[] Methods = ["GET", "POST", "PUT"];

    public static Protocol Read(YamlMapping file, IReadOnlyList<IPayloadKind> payloads)
    {
        var kind = file.OneOf("payload", [.. payloads.Select(p => p.Name)]);
        string[] variables = ["model", .. payloads.FirstOrDefault(p => p.Name == kind)?.Variables ?? []];
        var transport = file.OneOf("transport", Transports);
        var protocol = new Protocol
        {
            Name = file.Text("name"),
            Title = file.Text("title"),
            Specification = file.Text("specification"),
            Payload = kind,
            Transport = transport switch
            {
                "sse" => StreamedReader.Sse(Request(file.Mapping("request"), variables), file.Mapping("response")),
                "grpc" => StreamedReader.Grpc(file.Mapping("request"), variables),
                "websocket" => StreamedReader.WebSocket(file.Mapping("request"), file.Mapping("response"), variables),
                _ => new HttpTransport(Request(file.Mapping("request"), variables), Response(file.Mapping("response"))),
            },
        };
        file.Done();
        return protocol;
    }

    private static HttpRequestTemplate Request(YamlMapping request, string[] variables)
    {
        var path = request.Text("path");
        if (path.Length > 0 && !path.StartsWith('/')) request.Fault("path", $"'{path}' must begin with a slash");
        var body = request.Mapping("body");
        var template = new HttpRequestTemplate(request.OneOf("method", Methods), path, request.TextMap("headers"), Body(body, variables));
        CheckVariables(request, "path", UrlPlaceholder().Matches(path).Select(m => m.Groups[1].Value), ["model"]);
        body.Done();
        request.Done();
        return template;
    }

    internal static JsonBody Body(YamlMapping body, string[] variables)
    {
        if (body.Node("json") is not { } node)
        {
            body.Fault("json", "this key is missing", "Give the JSON value that is sent, with ${placeholders}");
            return new JsonBody(new JsonLiteralTemplate("null"));
        }
        var template = JsonTemplateReader.Read(node, (problem, remedy) => body.Fault("json", problem, remedy));
        CheckVariables(body, "json", template.Placeholders, variables);
        return new JsonBody(template);
    }

    private static HttpResponseShape Response(YamlMapping response)
    {
        var json = response.Mapping("json");
        var decoding = new JsonDecoding(
            RequiredPath(json, "items"),
            OptionalPath(json, "embedding"),
            OptionalPath(json, "input-tokens"));
        var shape = new HttpResponseShape(response.Integer("status", 200, 299, 200), decoding);
        json.Done();
        response.Done();
        return shape;
    }

    private static JsonPath RequiredPath(YamlMapping json, string key) =>
        OptionalPath(json, key, json.Text(key)) ?? JsonPath.TryParse("[*]", out _)!;

    internal static JsonPath? OptionalPath(YamlMapping json, string key) =>
        json.OptionalText(key) is { } text ? OptionalPath(json, key, text) : null;

    private static JsonPath? OptionalPath(YamlMapping json, string key, string text)
    {
        if (text.Length == 0) return null;
        if (JsonPath.TryParse(text, out var problem) is { } path) return path;
        json.Fault(key, problem, "Write member names separated by dots, [n] for one element, [*] for every element");
        return null;
    }

    private static void CheckVariables(YamlMapping at, string key, IEnumerable<string> used, IReadOnlyCollection<string> known)
    {
        foreach (var name in used.Where(n => !known.Contains(n)).Distinct())
            at.Fault(key, $"no variable is called ${{{name}}}", Faults.NearestName.Remedy(name, known));
    }

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex UrlPlaceholder();
}
