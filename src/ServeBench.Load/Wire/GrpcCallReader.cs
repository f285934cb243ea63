using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Protobuf;

namespace ServeBench.Load.Wire;

/// <summary>Reads what a protocol's file says of a gRPC method, and the .proto file beside it.</summary>
internal sealed partial class GrpcCallReader : IWireFormatReader
{
    private const int MostBytes = 1 << 20;

    public string Name => GrpcCall.FormatName;

    public IWireFormat Read(YamlMapping file, IReadOnlyCollection<string> variables, IReadOnlyList<AnswerValue> values)
    {
        var request = file.Mapping("request");
        var name = request.Text("method");
        if (name.Length > 0 && !MethodName().IsMatch(name))
            request.Fault("method", $"'{name}' is not the full name of a method", "Write package.Service/Method");
        var proto = request.Text("proto");
        var isName = proto.EndsWith(".proto", StringComparison.Ordinal) && !proto.Contains('/', StringComparison.Ordinal);
        if (proto.Length > 0 && !isName)
            request.Fault("proto", $"'{proto}' is not the name of a .proto file", "Put the file beside this one and give its name");
        var streams = request.OptionalOneOf("answers", ["one", "stream"], "one") == "stream";
        var method = Method(file, request, isName ? proto : "", name, streams);
        var template = request.Mapping("message");
        var message = ProtocolSection.Template(template, variables);
        template.Done();
        var form = GrpcMethod.Form(request, method?.Request);
        request.Done();
        if (method is not null) GrpcMethod.Check(message, method.Request, (problem, remedy) => template.Fault("json", problem, remedy));
        var (answer, answerForm) = Response(file.OptionalMapping("response"), method?.Response, values);
        method ??= new ProtoMethod(new ProtoMessage(""), new ProtoMessage(""), StreamsRequests: false, streams);
        return new GrpcCall(proto, name, new GrpcMethod(method, form, answerForm), message, answer);
    }

    private static (JsonAnswer? Answer, ProtoForm Form) Response(
        YamlMapping? response, ProtoMessage? type, IReadOnlyList<AnswerValue> values)
    {
        if (response is null) return (null, GrpcMethod.Form(null, type));
        var form = GrpcMethod.Form(response, type);
        var json = response.OptionalMapping("json");
        var answer = json is null ? null : JsonAnswer.Read(json, values);
        if (answer is not null && type is not null)
        {
            var paths = answer.Parts.Select(p => p.Path).Prepend(answer.Items);
            foreach (var problem in paths.Select(p => GrpcMethod.Check(p, type)).Where(p => p.Length > 0))
                response.Fault("json", problem, "JSON has the names of fields in lower camel case: raw_contents is rawContents");
        }
        json?.Done();
        response.Done();
        return (answer, form);
    }

    /// <returns>Null with a fault when there is no such method.</returns>
    private static ProtoMethod? Method(YamlMapping file, YamlMapping request, string proto, string name, bool streams)
    {
        if (proto.Length == 0 || Schema(file, request, proto) is not { } schema || name.Length == 0) return null;
        if (!schema.Methods.TryGetValue(name, out var method))
        {
            request.Fault("method", $"{proto} has no method {name}", NearestName.Remedy(name, [.. schema.Methods.Keys]));
            return null;
        }
        if (method.StreamsRequests && !method.StreamsResponses)
            request.Fault(
                "method", $"{name} takes a stream of messages and answers all of them with one", "Name a method that answers each message");
        else if (method.StreamsResponses != streams)
            request.Fault(
                "answers",
                $"{name} answers with {(method.StreamsResponses ? "a stream of messages" : "one message")}",
                $"Write answers: {(method.StreamsResponses ? "stream" : "one")}, or leave it out for one");
        return method;
    }

    private static ProtoSchema? Schema(YamlMapping file, YamlMapping request, string proto)
    {
        try
        {
            var path = Path.Combine(file.Folder ?? "", proto);
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes } large)
                request.Fault("proto", $"{proto} has {large.Length} bytes, the limit is {MostBytes}", "Leave out what is not called");
            else
                return ProtoFileReader.Read(File.ReadAllText(path));
        }
        catch (ProtoFileException e)
        {
            file.FaultBeside(proto, e.Line, e.Message, e.Remedy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            request.Fault("proto", $"{proto} cannot be read: {e.Message}", "Put the file beside this one");
        }
        return null;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.]*/[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex MethodName();
}
