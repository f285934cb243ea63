using System.Diagnostics.CodeAnalysis;
using System.Net;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.WebSockets;

namespace ServeBench.Load.Wire;

/// <summary>
/// One message over a WebSocket (RFC 6455), answered with one message or several. The connection stays open for the next; a connection's
/// first request takes the time of the handshake, too, as the first request over TLS takes that of its own.
/// </summary>
/// <param name="path">Path and query, beginning with a slash.</param>
/// <param name="message">What is sent, as one text message.</param>
/// <param name="end">Which message is the last of an answer.</param>
/// <param name="answer">What a message of an answer holds; null when the protocol does not say.</param>
public sealed class WebSocketMessages(string path, JsonTemplate message, StreamEnd end, JsonAnswer? answer) : WireFormat
{
    private const string FormatName = "websocket";

    public override string Name => FormatName;

    public override string? Uncomparable => answer is null ? "its file does not say what a message holds (response.json)" : null;

    public override bool HasEvents => true;

    public override bool HasTextEvents => true;

    public override bool HasTexts => answer is { IsText: true };

    public override IReadOnlyList<string> NullServerArguments => [$"--wire={FormatName}", $"--last={end.Example}"];

    public string Path => path;

    public StreamEnd End => end;

    public override Func<PayloadVariables, RenderedRequest> Renderer(string protocol, ServerTarget target)
    {
        var messages = new MessageRenderer(protocol, message, ProtocolSection.MessageKey);
        return payload => Rendered(target, messages.Render(payload), payload.Items);
    }

    public override RenderedRequest Planted(IPEndPoint server, long delay) =>
        Rendered(server, System.Text.Encoding.ASCII.GetBytes($"/delay/{delay}"), items: 1);

    public override bool TryDecode(KeptAnswer kept, [NotNullWhen(true)] out DecodedAnswer? decoded, out string problem)
    {
        if (answer is null) throw new NotSupportedException($"{Name}: {Uncomparable}");
        decoded = null;
        problem = kept.Status != 0 ? $"HTTP status {kept.Status} instead of a WebSocket"
            : kept.Events.Count == 0 ? "there is no message in the answer"
            : "";
        if (problem.Length == 0)
            return answer.TryDecode([.. kept.Events.Select(e => (ReadOnlyMemory<byte>)e.Data)], out decoded, out problem);
        problem = $"{problem}; the body begins: {JsonAnswer.Beginning(kept.Body)}";
        return false;
    }

    /// <summary>Where the message begins in a rendered request, behind the question that opens a connection.</summary>
    internal static int FrameAt(RenderedRequest request) => request.Bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4;

    /// <summary>A script keeps the last message only.</summary>
    internal override K6Speech K6 => new("websocket.js.sbn", Describe)
    {
        WaitsForSend = true,
        KeepsWholeAnswers = false,
        BodyOf = request => SocketFrame.MessageOf(request.Bytes.AsSpan(FrameAt(request))),
    };

    internal override AnswerReader NewReader(AnswerRules? rules = null) =>
        new SocketAnswerReader(end, rules, HasTexts ? answer!.Items : null);

    /// <summary>The question that opens a connection, and the message, masked once for all times that it is sent.</summary>
    private RenderedRequest Rendered(ServerTarget target, byte[] text, int items) =>
        new([.. SocketHandshake.Request(path, target), .. SocketFrame.Of(SocketFrame.Text, text)], text.Length, items);

    private void Describe(Dictionary<string, object> values, ScriptCase one)
    {
        values["pathExpression"] = path;
        values["isLast"] = end.Condition("event.data");
    }

    internal sealed class Reader : IWireFormatReader
    {
        public string Name => FormatName;

        public IWireFormat Read(YamlMapping file, IReadOnlyCollection<string> variables, IReadOnlyList<AnswerValue> values)
        {
            var request = file.Mapping("request");
            var response = file.Mapping("response");
            var message = request.Mapping("message");
            var json = response.OptionalMapping("json");
            var read = new WebSocketMessages(
                ProtocolSection.ServerPath(request, []),
                ProtocolSection.Template(message, variables),
                StreamEnd.Read(response),
                json is null ? null : JsonAnswer.Read(json, values));
            json?.Done();
            message.Done();
            request.Done();
            response.Done();
            return read;
        }
    }
}
