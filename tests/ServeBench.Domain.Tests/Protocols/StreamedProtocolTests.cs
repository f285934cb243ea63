using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;

namespace ServeBench.Domain.Tests.Protocols;

public sealed class StreamedProtocolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_gRPC_protocol_names_its_service_and_its_message()
    {
        var transport = Assert.IsType<GrpcTransport>(Read("transport: grpc", "request: { proto: a.proto, method: p.Service/Call, answers: stream, message: { json: { x: '${texts}' } } }").Transport);
        Assert.Equal(("a.proto", "p.Service/Call", true), (transport.Proto, transport.Method, transport.Streams));
        Assert.Equal(["texts"], transport.Message.Root.Placeholders);
    }

    [Fact]
    public void A_WebSocket_protocol_says_how_an_answer_ends()
    {
        var transport = Assert.IsType<WebSocketTransport>(Read("transport: websocket", "request: { path: /s, message: { json: '${text}' } }", "response: { last-when: final }").Transport);
        Assert.Equal(("/s", null, "final"), (transport.Path, transport.End.Text, transport.End.When!.Text));
    }

    [Fact]
    public void A_protocol_of_events_has_a_request_like_HTTP()
    {
        var transport = Assert.IsType<SseTransport>(Read("transport: sse", "request: { method: POST, path: /chat, body: { json: { input: '${texts}' } } }", "response: { last: '[DONE]' }").Transport);
        Assert.Equal(("/chat", 200, "[DONE]"), (transport.Request.Path, transport.Status, transport.End.Text));
    }

    [Fact]
    public void Every_fault_is_told()
    {
        var faults = Faults("transport: grpc", "request: { proto: ../a.txt, method: Call, answers: some, message: { json: { x: '${txts}' } } }");
        Assert.Equal(["answers", "method", "proto"], faults.Select(f => f.Key!.Split('.')[^1]).Where(k => k != "json").Order(StringComparer.Ordinal));
        Assert.Contains(faults, f => f.Problem.Contains("txts", StringComparison.Ordinal));
        faults = Faults("transport: websocket", "request: { path: s, message: { json: {} } }", "response: { last: x, last-when: y }");
        Assert.Equal(["last-when", "path"], faults.Select(f => f.Key!.Split('.')[^1]).Order(StringComparer.Ordinal));
        Assert.Contains("Did you mean grpc?", Faults("transport: grcp", "request: {}", "response: {}")[0].Remedy, StringComparison.Ordinal);
    }

    private IReadOnlyList<Fault> Faults(params string[] lines) => Assert.Throws<FaultException>(() => Read(lines)).Faults;

    private Protocol Read(params string[] lines)
    {
        var file = Path.Combine(_folder.Path, "p.yaml");
        File.WriteAllText(file, string.Join('\n', ["name: p", "title: P", "specification: https://example.org", "payload: text", .. lines, ""]));
        return CatalogueReader.ReadProtocol(file, [new Catalogues.TextKind()]);
    }
}
