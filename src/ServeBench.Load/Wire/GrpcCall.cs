using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Targets;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http2;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Protobuf;

namespace ServeBench.Load.Wire;

/// <summary>One call of a gRPC method, over HTTP/2.</summary>
public sealed class GrpcCall : WireFormat
{
    internal const string FormatName = "grpc";

    /// <summary>What stands before a message: that it is not compressed, and its length.</summary>
    private const int PrefixLength = 5;

    private readonly string _proto;
    private readonly JsonAnswer? _answer;
    private readonly GrpcMethod _messages;

    /// <param name="proto">Name of the file under k6/protocols that describes the service.</param>
    /// <param name="method">Package, service and method: <c>inference.GRPCInferenceService/ModelInfer</c>.</param>
    /// <param name="messages">Its messages.</param>
    /// <param name="template">The request message in JSON, as the proto3 mapping has it.</param>
    /// <param name="answer">How answers are understood; null where the protocol does not say.</param>
    internal GrpcCall(string proto, string method, GrpcMethod messages, JsonTemplate template, JsonAnswer? answer)
    {
        _proto = proto;
        Method = method;
        _messages = messages;
        Message = template;
        _answer = answer;
    }

    public override string Name => FormatName;

    public override string? Uncomparable =>
        _answer is null ? "its file does not say where to find what in an answer (response.json)" : null;

    public override IReadOnlyList<string> Files => [_proto];

    internal override SslApplicationProtocol ApplicationProtocol => SslApplicationProtocol.Http2;

    public override bool HasEvents => _messages.Method.StreamsResponses;

    public override IReadOnlyList<string> NullServerArguments => [$"--wire={FormatName}"];

    public string Method { get; }

    public JsonTemplate Message { get; }

    public override Func<PayloadVariables, RenderedRequest> Renderer(string protocol, ServerTarget target)
    {
        var json = new MessageRenderer(protocol, Message, ProtocolSection.MessageKey, _messages.Singles(Message));
        var head = Head(target);
        return payload =>
        {
            try
            {
                return Request(head, _messages.Request(json.Render(payload)), payload.Items);
            }
            catch (ProtoValueException e)
            {
                var remedy = $"It has to be a {_messages.RequestType.Name}";
                throw new FaultException(new Fault($"k6/protocols/{protocol}.yaml", null, ProtocolSection.MessageKey, e.Message, remedy));
            }
        };
    }

    public override RenderedRequest Planted(IPEndPoint server, long delay) => Request(Head(server), _messages.Planted(delay), items: 1);

    public override bool TryDecode(KeptAnswer kept, [NotNullWhen(true)] out DecodedAnswer? decoded, out string problem)
    {
        if (_answer is null) throw new NotSupportedException($"{Name}: {Uncomparable}");
        decoded = null;
        if (kept.Status != CallStatus.Ok)
        {
            problem = kept.Status < 100
                ? $"gRPC status {CallStatus.Words(kept.Status)} instead of OK; it says: {JsonAnswer.Beginning(kept.Body)}"
                : $"HTTP status {kept.Status} and no gRPC status; the body begins: {JsonAnswer.Beginning(kept.Body)}";
            return false;
        }
        try
        {
            if (!HasEvents) return _answer.TryDecode(_messages.ResponseJson(kept.Body), out decoded, out problem);
            ReadOnlyMemory<byte>[] events = [.. kept.Events.Select(e => (ReadOnlyMemory<byte>)_messages.ResponseJson(e.Data))];
            return _answer.TryDecode(events, out decoded, out problem);
        }
        catch (Exception e) when (e is ProtoValueException or JsonException)
        {
            problem = $"the answer is not a {_messages.ResponseType.Name}: {e.Message}";
            return false;
        }
    }

    /// <summary>A script of a stream keeps the first message only.</summary>
    internal override K6Speech K6 => new("grpc.js.sbn", Describe)
    {
        WaitsForSend = HasEvents,
        KeepsWholeAnswers = !HasEvents,
        BodyOf = request => _messages.RequestJson(request.Bytes.AsMemory(request.Bytes.Length - request.BodyBytes + PrefixLength)),
    };

    internal override AnswerReader NewReader(AnswerRules? rules = null) => new GrpcAnswerReader(HasEvents, rules);

    /// <summary>The frame that begins a call; the number of its stream is put in when it is sent.</summary>
    private byte[] Head(ServerTarget target)
    {
        var fields = new HeaderBlockWriter()
            .Known(StaticFields.MethodPost)
            .Known(target.Tls is null ? StaticFields.SchemeHttp : StaticFields.SchemeHttps)
            .Field(StaticFields.Path, $"/{Method}")
            .Field(StaticFields.Authority, target.Authority)
            .Field(StaticFields.ContentType, "application/grpc")
            .Field("te", "trailers");
        foreach (var header in target.Headers) fields.Field(header.Name.ToLowerInvariant(), header.Value);
        var frame = new FrameBuffer();
        frame.Write(FrameType.Headers, FrameFlags.EndHeaders, 0, fields.Written);
        return frame.Written.ToArray();
    }

    private static RenderedRequest Request(byte[] head, byte[] message, int items)
    {
        var bytes = new byte[head.Length + PrefixLength + message.Length];
        head.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(head.Length + 1), message.Length);
        message.CopyTo(bytes, head.Length + PrefixLength);
        return new RenderedRequest(bytes, PrefixLength + message.Length, items);
    }

    private void Describe(Dictionary<string, object> values, ScriptCase one)
    {
        values["proto"] = _proto;
        values["grpcMethod"] = Method;
        values["streams"] = HasEvents;
    }
}
