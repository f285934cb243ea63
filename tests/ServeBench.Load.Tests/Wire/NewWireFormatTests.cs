using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Tests.K6.Scripts;
using ServeBench.Load.Tests.Native;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

/// <summary>
/// A wire format is one class with its reader: here JSON in lines over a bare connection. It is read from a protocol's YAML, renders,
/// asks, understands answers, and both ways of our driver's input and output drive it.
/// </summary>
public sealed class NewWireFormatTests : DriverTest, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("servebench-lines-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_read_from_a_protocols_file_and_says_what_is_wrong_with_it()
    {
        var protocol = Read();
        Assert.Equal("lines", protocol.Wire.Name);
        var faults = Assert.Throws<FaultException>(() => Read("request: { json: { input: '${txts}' } }")).Faults;
        Assert.Contains("txts", Assert.Single(faults).Problem, StringComparison.Ordinal);
        // Without its reader nobody knows it, and what is known is listed.
        var unknown = Assert.Throws<FaultException>(() => CatalogueFile.Read(Write(), f => ProtocolReader.Read(f, [new TextsOnly()], WireFormats.All))).Faults;
        Assert.Contains("'lines'", Assert.Single(unknown).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_programs_own_are_found_without_a_list() =>
        Assert.Equal(["grpc", "http", "sse", "websocket"], WireFormats.All.Select(w => w.Name));

    [Fact]
    public async Task It_renders_asks_and_understands_the_answer()
    {
        using var server = new LineServer();
        var wire = WireFormat.Of(Read());
        var request = wire.Renderer("lines", server.EndPoint)(PayloadVariables.OfTexts("m", ["a", "b"]));
        Assert.Equal("""{"input":["a","b"]}""" + "\n", System.Text.Encoding.UTF8.GetString(request.Bytes));
        var kept = await wire.AskAsync(server.EndPoint, request, 7, TimeSpan.FromSeconds(20), Ct);
        Assert.True(wire.TryDecode(kept, out var decoded, out var problem), problem);
        Assert.Equal((7, 2), (kept.Payload, decoded.Items));
        Assert.False(wire.TryDecode(new KeptAnswer(0, 0, "[]"u8.ToArray()), out _, out problem));
        Assert.Contains("answers", problem, StringComparison.Ordinal);
    }

    [Lane("slow")]
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Our_driver_drives_it(string driver)
    {
        using var server = new LineServer();
        var protocol = Read();
        var payloads = PayloadSet.Render(protocol, server.EndPoint, [PayloadVariables.OfTexts("m", ["a"]), PayloadVariables.OfTexts("m", ["b", "c"])]);
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(3)) with { Payloads = payloads, KeepAnswers = 4 }, Ct);
        Assert.True(result.Samples.Count > 10, $"{result.Samples.Count} answers in a fifth of a second");
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.Equal(3, server.Connections);
        Assert.NotEmpty(result.Answers);
        Assert.All(result.Answers, a => Assert.True(WireFormat.Of(protocol).TryDecode(a, out var decoded, out _) && decoded.Items == payloads.Requests[a.Payload].Items));
    }

    [Fact]
    public void Its_k6_script_is_a_template_beside_the_others()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "lines.js.sbn"), "// {{ title }}: {{ protocol }} by {{ greeting }}, {{ vus }} at once\n");
        var script = new ScriptWriter(_folder.FullName).Write(ScriptCases.Of(new ClosedLoop(3), WireFormat.Of(Read()), "lines"));
        Assert.Equal("// mixed-length: 3 in flight: lines by a line, 3 at once\n", script);
    }

    private Protocol Read(string request = "request: { json: { input: '${texts}' } }") =>
        CatalogueFile.Read(
            Write(request), f => ProtocolReader.Read(f, [new TextsOnly()], [.. WireFormats.All, new Lines.Reader()]));

    private string Write(string request = "request: { json: { input: '${texts}' } }")
    {
        var file = Path.Combine(_folder.FullName, "lines.yaml");
        File.WriteAllText(file, $$"""
            name: lines
            title: Lines
            specification: https://example.org
            payload: text
            transport: lines
            {{request}}
            response: { json: { items: "answers[*]" } }
            """);
        return file;
    }

    /// <summary>One line of JSON, answered with one line of JSON; the connection stays open for the next.</summary>
    private sealed class Lines(JsonTemplate message, JsonAnswer answer) : WireFormat
    {
        public override string Name => "lines";

        public override IReadOnlyList<string> NullServerArguments => [];

        public override Func<PayloadVariables, RenderedRequest> Renderer(string protocol, ServerTarget target) => payload =>
        {
            var body = new MessageRenderer(protocol, message, "request.message.json").Render(payload);
            return new RenderedRequest([.. body, (byte)'\n'], body.Length, payload.Items);
        };

        public override bool TryDecode(KeptAnswer kept, [NotNullWhen(true)] out DecodedAnswer? decoded, out string problem) =>
            answer.TryDecode(kept.Body, out decoded, out problem);

        internal override K6Speech K6 => new("lines.js.sbn", (values, _) => values["greeting"] = "a line");

        internal override AnswerReader NewReader(AnswerRules? rules = null) => new LineReader();

        internal sealed class Reader : IWireFormatReader
        {
            public string Name => "lines";

            public IWireFormat Read(YamlMapping file, IReadOnlyCollection<string> variables, IReadOnlyList<AnswerValue> values)
            {
                var (request, response) = (file.Mapping("request"), file.Mapping("response"));
                var json = response.Mapping("json");
                var read = new Lines(ProtocolSection.Template(request, variables), JsonAnswer.Read(json, values));
                foreach (var section in (YamlMapping[])[json, response, request]) section.Done();
                return read;
            }
        }
    }

    private sealed class LineReader : AnswerReader
    {
        private AnswerBuffer? _kept;

        public LineReader() => KeepAlive = IsAnswer = true;

        public override string Problem => "there is more than a line";

        public override void Reset(AnswerBuffer? kept)
        {
            (_kept, State, BodyBytes) = (kept, ParserState.Incomplete, 0);
            Started = HasFirst = false;
        }

        public override ParserState Feed(ReadOnlySpan<byte> bytes, long now)
        {
            var end = bytes.IndexOf((byte)'\n');
            _kept?.Append(end < 0 ? bytes : bytes[..end]);
            BodyBytes += end < 0 ? bytes.Length : end;
            Started = HasFirst = BodyBytes > 0;
            return State = end < 0 ? ParserState.Incomplete : end + 1 == bytes.Length ? ParserState.Complete : ParserState.Malformed;
        }

        public override ParserState EndOfStream() => State;
    }

    /// <summary>Answers every line with as many answers as it has inputs.</summary>
    private sealed class LineServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _connections;

        public LineServer()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

        public int Connections => Volatile.Read(ref _connections);

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _connections);
                    _ = ServeAsync(client);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static async Task ServeAsync(TcpClient client)
        {
            try
            {
                using (client)
                {
                    client.NoDelay = true;
                    using var reader = new StreamReader(client.GetStream());
                    while (await reader.ReadLineAsync() is { } line)
                    {
                        var answers = string.Join(',', Enumerable.Repeat("1", line.Split(',').Length));
                        await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes("{\"answers\":[" + answers + "]}\n"));
                    }
                }
            }
            catch (IOException)
            {
                // The client has gone.
            }
        }
    }
}
