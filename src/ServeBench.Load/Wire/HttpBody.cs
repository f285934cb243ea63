using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Encoding;

namespace ServeBench.Load.Wire;

/// <summary>What an HTTP request carries, as a template: JSON, bytes, both, or a form with one file.</summary>
public abstract record HttpBody
{
    private protected const string JsonKey = "request.body.json";

    /// <summary>What ends a text in quotation marks.</summary>
    private const string Quoted = "\"\\";

    /// <summary>What the name of a header has not (RFC 9110, section 5.6.2).</summary>
    private const string NoName = "\"(),/:;<=>?@[\\]{} ";

    /// <summary>As the request's head has it.</summary>
    public abstract string ContentType { get; }

    /// <summary>
    /// The name of a header that says how long the JSON in front of the bytes is; null where there is none.
    /// </summary>
    public virtual string? LengthHeader => null;

    /// <summary>Reads <c>body:</c>.</summary>
    public static HttpBody Read(YamlMapping body, IReadOnlyCollection<string> variables)
    {
        if (body.OptionalMapping("form") is { } form)
        {
            var file = new FormBody(
                HeaderText(form, "field", Quoted),
                HeaderText(form, "file", Quoted),
                HeaderText(form, "type"),
                ProtocolSection.Variable(form, "bytes", variables));
            form.Done();
            return file;
        }
        if (!body.Has("bytes")) return new JsonBody(ProtocolSection.Template(body, variables));
        var bytes = ProtocolSection.Variable(body, "bytes", variables);
        return body.Has("json")
            ? new JsonThenBytes(ProtocolSection.Template(body, variables), bytes, HeaderText(body, "json-length-header", NoName))
            : new BytesBody(bytes, HeaderText(body, "type"));
    }

    /// <summary>A text that becomes a part of a header, where a line break would end it.</summary>
    /// <param name="section">The section that has the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="without">What else it must not hold.</param>
    private static string HeaderText(YamlMapping section, string key, string without = "")
    {
        var text = section.Text(key);
        var odd = text.Where(c => c is < ' ' or > '~' || without.Contains(c, StringComparison.Ordinal)).Take(1);
        foreach (var c in odd)
            section.Fault(key, $"it holds U+{(int)c:X4}, which cannot be there in a header", "Write printable ASCII without it");
        return text;
    }

    /// <param name="payload">What the template is filled with.</param>
    /// <param name="protocol">Name of the protocol, for faults.</param>
    /// <returns>The body, and how many bytes of it are JSON.</returns>
    /// <exception cref="FaultException">when the template asks for a variable that the payload does not give, or not as bytes.</exception>
    internal abstract (byte[] Bytes, int JsonLength) Render(PayloadVariables payload, string protocol);

    /// <summary>A variable as bytes: numbers little-endian, four bytes each.</summary>
    private protected static byte[] BytesOf(string variable, PayloadVariables payload, string protocol)
    {
        const string key = "request.body.bytes";
        var value = MessageRenderer.Value(variable, payload, protocol, key) as JsonValue;
        if (value is not null && value.TryGetValue<byte[]>(out var bytes)) return bytes;
        if (value is not null && value.TryGetValue<float[]>(out var numbers)) return MemoryMarshal.AsBytes<float>(numbers).ToArray();
        throw new FaultException(
            new Fault($"k6/protocols/{protocol}.yaml", null, key, $"${{{variable}}} cannot be sent as bytes", "Send it in json:"));
    }
}

/// <summary>A JSON value.</summary>
public sealed record JsonBody(JsonTemplate Json) : HttpBody
{
    public const string Type = "application/json";

    public override string ContentType => Type;

    internal override (byte[] Bytes, int JsonLength) Render(PayloadVariables payload, string protocol)
    {
        var bytes = new MessageRenderer(protocol, Json, JsonKey).Render(payload);
        return (bytes, bytes.Length);
    }
}

/// <summary>Bytes as they are.</summary>
/// <param name="Variable">The variable that has them.</param>
/// <param name="Type">Their media type.</param>
public sealed record BytesBody(string Variable, string Type) : HttpBody
{
    public override string ContentType => Type;

    internal override (byte[] Bytes, int JsonLength) Render(PayloadVariables payload, string protocol) =>
        (BytesOf(Variable, payload, protocol), 0);
}

/// <summary>A JSON value and bytes behind it: tensors as the Open Inference Protocol's extension for binary data sends them.</summary>
/// <param name="Json">What describes the bytes.</param>
/// <param name="Variable">The variable that has them.</param>
/// <param name="Header">Says where the bytes begin.</param>
public sealed record JsonThenBytes(JsonTemplate Json, string Variable, string Header) : HttpBody
{
    public override string ContentType => "application/octet-stream";

    public override string LengthHeader => Header;

    internal override (byte[] Bytes, int JsonLength) Render(PayloadVariables payload, string protocol)
    {
        var json = new MessageRenderer(protocol, Json, JsonKey).Render(payload);
        return ([.. json, .. BytesOf(Variable, payload, protocol)], json.Length);
    }
}

/// <summary>A form with one file, as a browser uploads it (RFC 7578).</summary>
/// <param name="Field">The field's name.</param>
/// <param name="File">The file's name.</param>
/// <param name="Type">The file's media type.</param>
/// <param name="Variable">The variable that has its bytes.</param>
public sealed record FormBody(string Field, string File, string Type, string Variable) : HttpBody
{
    /// <summary>Long enough to be in no file by chance.</summary>
    private const string Boundary = "----servebench-7f3c2b90d1a64e58";

    public override string ContentType => $"multipart/form-data; boundary={Boundary}";

    internal override (byte[] Bytes, int JsonLength) Render(PayloadVariables payload, string protocol)
    {
        var head = $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{Field}\"; filename=\"{File}\"\r\nContent-Type: {Type}\r\n\r\n";
        return (
            [
                .. System.Text.Encoding.UTF8.GetBytes(head),
                .. BytesOf(Variable, payload, protocol),
                .. System.Text.Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n"),
            ],
            0);
    }
}
