using System.Text.RegularExpressions;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Protocols;

/// <summary>Reads the parts of a protocol file that only some wire formats have.</summary>
internal static partial class StreamedReader
{
    public static SseTransport Sse(HttpRequestTemplate request, YamlMapping response)
    {
        var transport = new SseTransport(request, response.Integer("status", 200, 299, 200), End(response));
        response.Done();
        return transport;
    }

    public static GrpcTransport Grpc(YamlMapping request, string[] variables)
    {
        var method = request.Text("method");
        if (method.Length > 0 && !MethodName().IsMatch(method))
            request.Fault("method", $"'{method}' is not the full name of a method", "Write package.Service/Method");
        var proto = request.Text("proto");
        if (proto.Length > 0 && (!proto.EndsWith(".proto", StringComparison.Ordinal) || proto.Contains('/', StringComparison.Ordinal)))
            request.Fault("proto", $"'{proto}' is not the name of a .proto file", "Put the file beside this one and give its name");
        var streams = request.OptionalOneOf("answers", ["one", "stream"], "one") == "stream";
        var transport = new GrpcTransport(proto, method, streams, Message(request, variables));
        request.Done();
        return transport;
    }

    public static WebSocketTransport WebSocket(YamlMapping request, YamlMapping response, string[] variables)
    {
        var path = request.Text("path");
        if (path.Length > 0 && !path.StartsWith('/')) request.Fault("path", $"'{path}' must begin with a slash");
        var transport = new WebSocketTransport(path, Message(request, variables), End(response));
        request.Done();
        response.Done();
        return transport;
    }

    private static JsonBody Message(YamlMapping request, string[] variables)
    {
        var message = request.Mapping("message");
        var body = ProtocolReader.Body(message, variables);
        message.Done();
        return body;
    }

    private static StreamEnd End(YamlMapping response)
    {
        var (text, when) = (response.OptionalText("last"), ProtocolReader.OptionalPath(response, "last-when"));
        if (text is not null && when is not null) response.Fault("last-when", "an answer has one end, and `last` names it already", "Leave one of the two out");
        return new StreamEnd(text, when);
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.]*/[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex MethodName();
}
