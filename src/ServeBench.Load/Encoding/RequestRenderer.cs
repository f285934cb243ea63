using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;

namespace ServeBench.Load.Encoding;

/// <summary>Turns a protocol's request template and a payload's variables into the bytes of an HTTP/1.1 request.</summary>
public sealed class RequestRenderer
{
    // Text goes out as UTF-8, as clients send it, not as escapes that would make requests longer.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Protocol _protocol;
    private readonly HttpRequestTemplate _template;
    private readonly IPEndPoint _target;
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <exception cref="NotSupportedException">when the protocol is not HTTP with a JSON body.</exception>
    public RequestRenderer(Protocol protocol, IPEndPoint target)
    {
        _protocol = protocol;
        _template = protocol.Transport is HttpTransport { Request: { Body: JsonBody } request }
            ? request
            : throw new NotSupportedException($"{protocol.Name} is not HTTP with a JSON body; no request can be rendered for it");
        _target = target;
    }

    /// <exception cref="FaultException">when the protocol asks for a variable that the payload does not give, or a header cannot be sent.</exception>
    public RenderedRequest Render(PayloadVariables payload)
    {
        _body.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_body, WriterOptions)) Write(writer, ((JsonBody)_template.Body).Root, payload);
        var head = Latin1(Head(payload, _body.WrittenCount));
        return new RenderedRequest([.. head, .. _body.WrittenSpan], _body.WrittenCount, payload.Items);
    }

    private string Head(PayloadVariables payload, int bodyBytes)
    {
        var head = new StringBuilder();
        head.Append($"{_template.Method} {Path(payload)} HTTP/1.1\r\nHost: {_target}\r\n");
        foreach (var (name, value) in _template.Headers) head.Append($"{name}: {value}\r\n");
        return head.Append($"Content-Type: {_template.Body.ContentType}\r\nContent-Length: {bodyBytes}\r\n\r\n").ToString();
    }

    private string Path(PayloadVariables payload)
    {
        const string model = "${model}";
        var path = _template.Path.Contains(model, StringComparison.Ordinal)
            ? _template.Path.Replace(model, Uri.EscapeDataString(Value("model", payload).GetValue<string>()), StringComparison.Ordinal)
            : _template.Path;
        return path.All(c => c is > ' ' and <= '~') ? path : throw Fault(
            "request.path", $"'{path}' holds a character that a path cannot", "Percent-encode everything but printable ASCII");
    }

    private void Write(Utf8JsonWriter writer, JsonTemplate template, PayloadVariables payload)
    {
        switch (template)
        {
            case JsonObjectTemplate o:
                writer.WriteStartObject();
                foreach (var (name, value) in o.Members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value, payload);
                }
                writer.WriteEndObject();
                break;
            case JsonArrayTemplate a:
                writer.WriteStartArray();
                foreach (var item in a.Items) Write(writer, item, payload);
                writer.WriteEndArray();
                break;
            case JsonLiteralTemplate literal:
                writer.WriteRawValue(literal.Json);
                break;
            case JsonPlaceholderTemplate placeholder:
                Value(placeholder.Name, payload).WriteTo(writer);
                break;
            default:
                throw new NotSupportedException($"{template.GetType().Name} has no JSON form");
        }
    }

    private JsonNode Value(string name, PayloadVariables payload) =>
        payload.Values.TryGetValue(name, out var value) ? value : throw Fault(
            "request.body.json", $"${{{name}}} has no value for a request of {payload.Items} items",
            $"This payload gives: {string.Join(", ", payload.Values.Keys)}");

    /// <summary>A request head is bytes, one per character; a line break in a header's value would end the header.</summary>
    private byte[] Latin1(string head)
    {
        foreach (var (name, value) in _template.Headers)
        {
            if (!name.Concat(value).All(c => c is >= ' ' and <= '\u00ff'))
                throw Fault($"request.headers.{name}", "a header can only hold printable characters up to U+00FF", "Percent-encode the rest");
        }
        return System.Text.Encoding.Latin1.GetBytes(head);
    }

    private FaultException Fault(string key, string problem, string remedy) =>
        new(new Fault($"k6/protocols/{_protocol.Name}.yaml", null, key, problem, remedy));
}
