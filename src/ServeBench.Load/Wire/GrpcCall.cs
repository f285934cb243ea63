using System.Net;
using System.Text.RegularExpressions;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Wire;

/// <summary>One call of a gRPC method.</summary>
/// <param name="proto">Name of the file under k6/protocols that describes the service.</param>
/// <param name="method">Package, service and method: <c>inference.GRPCInferenceService/ModelInfer</c>.</param>
/// <param name="streams">Whether the server answers with a stream of messages instead of one.</param>
/// <param name="message">The request message in JSON, as the proto3 mapping has it.</param>
public sealed partial class GrpcCall(string proto, string method, bool streams, JsonTemplate message) : WireFormat
{
    private const string FormatName = "grpc";

    public override string Name => FormatName;

    public override string Undrivable => "gRPC is Protocol Buffers in frames of HTTP/2, and our own driver speaks HTTP/1.1 and JSON only";

    public override IReadOnlyList<string> Files => [proto];

    public string Method => method;

    public JsonTemplate Message => message;

    /// <summary>The message in JSON, which k6 turns into a Protocol Buffer.</summary>
    public override Func<PayloadVariables, RenderedRequest> Renderer(string protocol, IPEndPoint target) =>
        new MessageRenderer(protocol, message).RenderAlone;

    internal override K6Speech K6 => new("grpc.js.sbn", Describe) { WaitsForSend = streams };

    private void Describe(Dictionary<string, object> values, ScriptCase one)
    {
        values["proto"] = proto;
        values["grpcMethod"] = method;
        values["streams"] = streams;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.]*/[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex MethodName();

    internal sealed class Reader : IWireFormatReader
    {
        public string Name => FormatName;

        public IWireFormat Read(YamlMapping file, IReadOnlyCollection<string> variables, IReadOnlyList<AnswerValue> values)
        {
            var request = file.Mapping("request");
            var method = request.Text("method");
            if (method.Length > 0 && !MethodName().IsMatch(method))
                request.Fault("method", $"'{method}' is not the full name of a method", "Write package.Service/Method");
            var proto = request.Text("proto");
            if (proto.Length > 0 && (!proto.EndsWith(".proto", StringComparison.Ordinal) || proto.Contains('/', StringComparison.Ordinal)))
                request.Fault("proto", $"'{proto}' is not the name of a .proto file", "Put the file beside this one and give its name");
            var streams = request.OptionalOneOf("answers", ["one", "stream"], "one") == "stream";
            var message = request.Mapping("message");
            var read = new GrpcCall(proto, method, streams, ProtocolSection.Template(message, variables));
            message.Done();
            request.Done();
            return read;
        }
    }
}
