using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

/// <summary>Protocol files, read by the wire formats that they name.</summary>
public sealed class WireFormatReadingTests : IDisposable
{
    private const string Http = """
        transport: http
        request:
          method: POST
          path: /v1/${model}
          body: { json: { input: "${texts}", fixed: 1, word: "two" } }
        response:
          json: { items: "data[*]", embedding: "data[*].embedding" }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-protocols-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_HTTP_protocol_has_a_request_and_says_where_the_answer_is()
    {
        var wire = Assert.IsType<HttpJson>(Read(Http).Wire);
        Assert.Equal((200, "/v1/${model}", "POST"), (wire.ExpectedStatus, wire.Request.Path, wire.Request.Method));
        Assert.Equal(["texts"], Assert.IsType<JsonBody>(wire.Request.Body).Json.Placeholders);
    }

    [Theory]
    [InlineData("path: /v1/${model}", "path: v1", "request.path", "must begin with a slash")]
    [InlineData("/v1/${model}", "/v1/${modle}", "request.path", "no variable is called ${modle}")]
    [InlineData("\"${texts}\"", "\"${txts}\"", "request.body.json", "no variable is called ${txts}")]
    [InlineData("\"${texts}\"", "\"say ${texts}\"", "request.body.json", "mixes a placeholder with text")]
    [InlineData("data[*].embedding", "data[?].embedding", "response.json.embedding", "neither * nor a number")]
    [InlineData("method: POST", "method: PATCH", "request.method", "'PATCH' is not known here")]
    public void One_fault_is_one_fault_with_its_key(string correct, string wrong, string key, string problem)
    {
        var fault = Assert.Single(Faults(Http.Replace(correct, wrong, StringComparison.Ordinal)));
        Assert.Equal(key, fault.Key);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gRPC_protocol_names_its_service_and_its_message()
    {
        File.WriteAllText(Path.Combine(_folder, "a.proto"), "syntax = \"proto3\"; package p; message M { repeated string x = 1; } service Service { rpc Call(M) returns (stream M); }");
        var wire = Assert.IsType<GrpcCall>(Read("transport: grpc", "request: { proto: a.proto, method: p.Service/Call, answers: stream, message: { json: { x: '${texts}' } } }").Wire);
        Assert.Equal(("a.proto", "p.Service/Call"), (wire.Files.Single(), wire.Method));
        Assert.Equal(["texts"], wire.Message.Placeholders);
        Assert.True(new Load.Native.NativeDriver().CanDrive(wire));
        Assert.Contains("response.json", wire.Uncomparable, StringComparison.Ordinal);
        var e = Assert.Throws<NotSupportedException>(() => wire.TryDecode(new KeptAnswer(0, 0, []), out _, out _));
        Assert.Equal($"grpc: {wire.Uncomparable}", e.Message);
    }

    [Fact]
    public void A_WebSocket_protocol_says_how_an_answer_ends()
    {
        var wire = Assert.IsType<WebSocketMessages>(Read("transport: websocket", "request: { path: /s, message: { json: '${text}' } }", "response: { last-when: final }").Wire);
        Assert.Equal(("/s", null, "final"), (wire.Path, wire.End.Text, wire.End.When!.Text));
        Assert.Contains("response.json", wire.Uncomparable, StringComparison.Ordinal);
    }

    [Fact]
    public void A_protocol_of_events_has_a_request_like_HTTP()
    {
        var wire = Assert.IsType<ServerSentEvents>(Read("transport: sse", "request: { method: POST, path: /chat, body: { json: { input: '${texts}' } } }", "response: { last: '[DONE]' }").Wire);
        Assert.Equal(("/chat", 200, "[DONE]"), (wire.Request.Path, wire.ExpectedStatus, wire.End.Text));
        Assert.Contains("response.json", wire.Uncomparable, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_found()
    {
        var faults = Faults("transport: grpc", "request: { proto: ../a.txt, method: Call, answers: some, message: { json: { x: '${txts}' } } }");
        Assert.Equal(["answers", "method", "proto"], faults.Select(f => f.Key!.Split('.')[^1]).Where(k => k != "json").Order(StringComparer.Ordinal));
        Assert.Contains(faults, f => f.Problem.Contains("txts", StringComparison.Ordinal));
        faults = Faults("transport: websocket", "request: { path: s, message: { json: {} } }", "response: { last: x, last-when: y }");
        Assert.Equal(["last-when", "path"], faults.Select(f => f.Key!.Split('.')[^1]).Order(StringComparer.Ordinal));
        Assert.Contains("Did you mean grpc?", Assert.Single(Faults("transport: grcp", "request: {}", "response: {}")).Remedy, StringComparison.Ordinal);
    }

    private IReadOnlyList<Fault> Faults(params string[] lines) => Assert.Throws<FaultException>(() => Read(lines)).Faults;

    private Protocol Read(params string[] lines)
    {
        var file = Path.Combine(_folder, "p.yaml");
        File.WriteAllText(file, string.Join('\n', ["name: p", "title: P", "specification: https://example.org", "payload: text", .. lines, ""]));
        return CatalogueFile.Read(file, f => ProtocolReader.Read(f, [new TextsOnly()], WireFormats.All));
    }
}
