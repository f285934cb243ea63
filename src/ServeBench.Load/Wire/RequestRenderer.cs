using System.Text;
using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Encoding;
using ServeBench.Load.Signing;

namespace ServeBench.Load.Wire;

/// <summary>Turns a protocol's request template and a payload's variables into the bytes of an HTTP/1.1 request.</summary>
/// <param name="protocol">Name of the protocol, for faults.</param>
/// <param name="template">What is sent.</param>
/// <param name="target">The server.</param>
internal sealed class RequestRenderer(string protocol, HttpRequest template, ServerTarget target)
{
    /// <exception cref="FaultException">when the protocol asks for a variable that the payload does not give, or a header cannot
    /// be sent.</exception>
    public RenderedRequest Render(PayloadVariables payload)
    {
        var (body, jsonLength) = template.Body.Render(payload, protocol);
        var path = Path(payload);
        var head = Head(path, jsonLength);
        if (target.Signing is { } signing)
            return AwsSeal.Sealed(
                signing, template.Method, path, target.Authority, template.Body.ContentType, Latin1(head), body, payload.Items);
        return new RenderedRequest(
            [.. Latin1(head + $"Content-Length: {body.Length}\r\n\r\n"), .. body], body.Length, payload.Items);
    }

    /// <summary>Everything but the length of the body and the empty line.</summary>
    private string Head(string path, int jsonLength)
    {
        var head = new StringBuilder();
        head.Append($"{template.Method} {path} HTTP/1.1\r\nHost: {target.Authority}\r\n");
        foreach (var (name, value) in template.Headers.Where(h => !IsTheTargets(h.Key))) head.Append($"{name}: {value}\r\n");
        foreach (var secret in target.Headers) head.Append($"{secret.Name}: {secret.Value}\r\n");
        if (template.Body.LengthHeader is { } header) head.Append($"{header}: {jsonLength}\r\n");
        return head.Append($"Content-Type: {template.Body.ContentType}\r\n").ToString();
    }

    private bool IsTheTargets(string name) => target.Headers.Any(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private string Path(PayloadVariables payload)
    {
        var path = target.WholePath
            ?? target.BasePath + Placeholder.Fill(template.Path, name => Uri.EscapeDataString(Text(name, payload)));
        return path.All(c => c is > ' ' and <= '~') ? path : throw Fault(
            "request.path", $"'{path}' holds a character that a path cannot", "Percent-encode everything but printable ASCII");
    }

    private string Text(string name, PayloadVariables payload)
    {
        var value = MessageRenderer.Value(name, payload, protocol, "request.path");
        return value.GetValueKind() switch
        {
            JsonValueKind.String when value.AsValue().TryGetValue<string>(out var text) => text,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
            _ => throw Fault("request.path", $"${{{name}}} is no text, number or flag", "Send it in the body"),
        };
    }

    /// <summary>A request head is bytes, one per character; a line break in a header's name or value would end the header.</summary>
    private byte[] Latin1(string head)
    {
        foreach (var (name, value) in template.Headers) Check(name + value, $"request.headers.{name}");
        Check(template.Body.ContentType + template.Body.LengthHeader, "request.body");
        return System.Text.Encoding.Latin1.GetBytes(head);
    }

    private void Check(string text, string key)
    {
        if (!text.All(c => c is >= ' ' and <= '\u00ff' and not (>= '\u007f' and < '\u00a0')))
            throw Fault(key, "a header can only hold printable characters up to U+00FF", "Percent-encode the rest");
    }

    private FaultException Fault(string key, string problem, string remedy) =>
        new(new Fault($"k6/protocols/{protocol}.yaml", null, key, problem, remedy));
}
