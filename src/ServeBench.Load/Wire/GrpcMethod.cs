using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Protobuf;

namespace ServeBench.Load.Wire;

/// <summary>The messages of a gRPC method, between the JSON of protocols and scripts and the bytes of the wire.</summary>
/// <param name="method">The method.</param>
/// <param name="request">How what is sent stands in the protocol's template.</param>
/// <param name="response">How what is answered stands in JSON for the protocol's paths.</param>
internal sealed class GrpcMethod(ProtoMethod method, ProtoForm request, ProtoForm response)
{
    private readonly ProtoWriter _request = new(request);
    private readonly ProtoJson _plainRequest = new(ProtoForm.Plain(method.Request));
    private readonly ProtoWriter _plainResponse = new(ProtoForm.Plain(method.Response));
    private readonly ProtoJson _response = new(response);

    public ProtoMethod Method => method;

    public ProtoMessage RequestType => method.Request;

    public ProtoMessage ResponseType => method.Response;

    /// <summary>The bytes of a message that was rendered as JSON.</summary>
    /// <exception cref="ProtoValueException">when it is no such message.</exception>
    public byte[] Request(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return _request.Write(document.RootElement);
    }

    /// <summary>
    /// The placeholders of a request's template that are to give the bytes of 32-bit numbers. As text, a tensor of a few hundred thousand
    /// would take longer to write and to read than everything else that is done with a request.
    /// </summary>
    public IReadOnlySet<JsonTemplate> Singles(JsonTemplate template)
    {
        var found = new HashSet<JsonTemplate>(ReferenceEqualityComparer.Instance);
        Find(template, method.Request, field: null);
        return found;

        void Find(JsonTemplate part, ProtoMessage type, ProtoField? field)
        {
            switch (part)
            {
                case JsonPlaceholderTemplate when field is not null && request.Bytes.GetValueOrDefault(field) == BytesAs.Singles:
                    found.Add(part);
                    break;
                case JsonArrayTemplate list:
                    foreach (var item in list.Items) Find(item, type, field);
                    break;
                case JsonObjectTemplate one:
                    foreach (var (name, value) in one.Members)
                    {
                        if (type.Find(name) is { IsMap: false } inner) Find(value, inner.Message ?? type, inner);
                    }
                    break;
            }
        }
    }

    /// <summary>A request in JSON as every other client takes it.</summary>
    public byte[] RequestJson(ReadOnlyMemory<byte> message) => _plainRequest.ToJson(message);

    /// <summary>An answer in JSON for the protocol's paths.</summary>
    /// <param name="message">Its bytes; or, from k6, the JSON of the proto3 mapping.</param>
    /// <exception cref="ProtoValueException">when it is no such message.</exception>
    /// <exception cref="JsonException">when it is JSON that breaks off.</exception>
    public byte[] ResponseJson(ReadOnlyMemory<byte> message)
    {
        // No message begins with a brace: it would be a group, which proto3 has not.
        if (!message.Span.StartsWith("{"u8)) return _response.ToJson(message);
        using var document = JsonDocument.Parse(message);
        return _response.ToJson(_plainResponse.Write(document.RootElement));
    }

    /// <summary>
    /// A message that asks the null server for a time of its own: with the text <c>/delay/NANOSECONDS</c> in its first field of text, or
    /// in one that nobody knows, which no script can send.
    /// </summary>
    public byte[] Planted(long delay)
    {
        var text = method.Request.Fields.FirstOrDefault(f => f is { Kind: ProtoKind.String, IsRepeated: false });
        var number = text?.Number ?? ProtoField.LargestNumber;
        var field = new ProtoField { Name = "delay", JsonName = "delay", Number = number, Kind = ProtoKind.String };
        var message = new ProtoMessage("Delay");
        message.TryAdd(field);
        return new ProtoWriter(ProtoForm.Plain(message)).Write(JsonSerializer.SerializeToElement(new { delay = $"/delay/{delay}" }));
    }

    /// <summary>Reads <c>bytes:</c>: fields of bytes, by their path, with how they stand in JSON.</summary>
    /// <param name="section">The section that may have that key; null where there is none.</param>
    /// <param name="type">The message; null where there is a fault already.</param>
    public static ProtoForm Form(YamlMapping? section, ProtoMessage? type)
    {
        const string key = "bytes";
        var fields = section?.OptionalMapping(key);
        if (fields is null || type is null) return ProtoForm.Plain(type ?? new ProtoMessage(""));
        var bytes = new Dictionary<ProtoField, BytesAs>();
        foreach (var path in fields.Keys)
        {
            var name = fields.OneOf(path, [.. BytesAs.All.Select(a => a.Name)]);
            var field = Find(type, path.Split('.'), out var problem, out var remedy);
            if (field is { Kind: not ProtoKind.Bytes }) problem = $"{path} is of {field.Kind.ToString().ToLowerInvariant()}, not of bytes";
            if (problem.Length > 0) fields.Fault(path, problem, remedy);
            else if (BytesAs.All.FirstOrDefault(a => a.Name == name) is { } form) bytes[field!] = form;
        }
        fields.Done();
        return new ProtoForm(type, bytes);
    }

    /// <summary>Says where a template has a member that the message has no field for.</summary>
    /// <param name="template">The message in JSON.</param>
    /// <param name="type">Its type.</param>
    /// <param name="fault">Gets a problem and a remedy.</param>
    public static void Check(JsonTemplate template, ProtoMessage type, Action<string, string> fault)
    {
        switch (template)
        {
            case JsonArrayTemplate list:
                foreach (var item in list.Items) Check(item, type, fault);
                break;
            case JsonObjectTemplate one:
                foreach (var (name, value) in one.Members)
                {
                    if (type.Find(name) is not { } field) fault($"{type.Name} has no field '{name}'", Nearest(name, type));
                    else if (field is { Message: { } inner, IsMap: false }) Check(value, inner, fault);
                }
                break;
        }
    }

    /// <summary>Why a path leads nowhere in answers of a type; empty where it leads somewhere.</summary>
    public static string Check(JsonPath path, ProtoMessage type)
    {
        ProtoMessage? at = type;
        foreach (var (member, _) in path.Steps)
        {
            if (member is null) continue;
            if (at is null) return $"{path} looks for '{member}' in what is no message";
            if (at.Fields.FirstOrDefault(f => f.JsonName == member) is not { } field)
            {
                var name = NearestName.Of(member, at.Fields.Select(f => f.JsonName));
                return $"{at.Name} has no field '{member}' in JSON{(name is null ? "" : $"; did you mean {name}?")}";
            }
            // What a map holds has names that no type knows.
            if (field.IsMap) return "";
            at = field.Message;
        }
        return "";
    }

    private static ProtoField? Find(ProtoMessage type, string[] path, out string problem, out string remedy)
    {
        (problem, remedy) = ("", "");
        ProtoField? field = null;
        ProtoMessage? at = type;
        foreach (var name in path)
        {
            field = at?.Find(name);
            if (field is null)
            {
                problem = at is null ? $"'{name}' is looked for in what is no message" : $"{at.Name} has no field '{name}'";
                remedy = at is null ? "" : Nearest(name, at);
                return null;
            }
            at = field.Message;
        }
        return field;
    }

    private static string Nearest(string name, ProtoMessage type) => NearestName.Remedy(name, [.. type.Fields.Select(f => f.Name)]);
}
