using ServeBench.Domain.Protocols;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Wire;

/// <summary>One message over a WebSocket, answered with one message or several. The connection stays open for the next.</summary>
/// <param name="path">Path and query, beginning with a slash.</param>
/// <param name="message">What is sent, as one text message.</param>
/// <param name="end">Which message is the last of an answer.</param>
public sealed class WebSocketMessages(string path, JsonTemplate message, StreamEnd end) : WireFormat
{
    private const string FormatName = "websocket";

    public override string Name => FormatName;

    public override string Undrivable =>
        "a WebSocket opens with a handshake and then carries masked frames, of which our own driver knows neither";

    public string Path => path;

    public StreamEnd End => end;

    public override Func<PayloadVariables, RenderedRequest> Renderer(string protocol, ServerTarget target) =>
        new MessageRenderer(protocol, message, ProtocolSection.MessageKey).RenderAlone;

    internal override K6Speech K6 => new("websocket.js.sbn", Describe) { WaitsForSend = true };

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
            var read = new WebSocketMessages(
                ProtocolSection.ServerPath(request, []), ProtocolSection.Template(message, variables), StreamEnd.Read(response));
            message.Done();
            request.Done();
            response.Done();
            return read;
        }
    }
}
