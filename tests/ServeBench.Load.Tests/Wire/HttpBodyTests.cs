using System.Net;
using System.Text.Json.Nodes;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

/// <summary>Requests whose body is not only JSON, as protocol files describe them and as they go over the wire.</summary>
public sealed class HttpBodyTests : IDisposable
{
    private static readonly IPEndPoint Target = new(IPAddress.Loopback, 8080);
    private static readonly byte[] Bytes = [0xFF, 0xD8, 0, 1, 0xFE, (byte)'\r', (byte)'\n'];
    private static readonly float[] Numbers = [1, -2.5f, 3e-20f];

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-bodies-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Bytes_go_out_as_they_are_with_their_media_type()
    {
        var (head, body) = Render("body: { bytes: \"${file}\", type: image/jpeg }");
        Assert.Contains("\r\nContent-Type: image/jpeg\r\nContent-Length: 7\r\n", head, StringComparison.Ordinal);
        Assert.Equal(Bytes, body);
    }

    [Fact]
    public void The_same_variable_is_base64_in_JSON()
    {
        var (_, body) = Render("body: { json: { files: [\"${file}\"], numbers: \"${numbers}\" } }");
        Assert.Equal($$"""{"files":["{{Convert.ToBase64String(Bytes)}}"],"numbers":[1,-2.5,3E-20]}""", System.Text.Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void Numbers_go_out_little_endian_behind_the_JSON_whose_length_a_header_gives()
    {
        var (head, body) = Render("body: { json: { size: \"${count}\" }, bytes: \"${numbers}\", json-length-header: X-Length }");
        const string json = """{"size":3}""";
        Assert.Contains($"\r\nX-Length: {json.Length}\r\nContent-Type: application/octet-stream\r\nContent-Length: {json.Length + 12}\r\n", head, StringComparison.Ordinal);
        Assert.Equal(json, System.Text.Encoding.UTF8.GetString(body, 0, json.Length));
        Assert.Equal(Numbers, Enumerable.Range(0, 3).Select(i => BitConverter.ToSingle(body, json.Length + (4 * i))));
    }

    [Fact]
    public void A_form_holds_the_file_between_its_boundaries()
    {
        var (head, body) = Render("body: { form: { field: image, file: a.jpg, type: image/jpeg, bytes: \"${file}\" } }");
        var boundary = head.Split("boundary=")[1].Split("\r\n")[0];
        Assert.Equal(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n{Latin1.Text(Bytes)}\r\n--{boundary}--\r\n",
            Latin1.Text(body));
    }

    [Fact]
    public void A_path_may_hold_any_variable_that_is_short()
    {
        var (head, _) = Render("body: { bytes: \"${file}\", type: a/b }", "/x/${model}?n=${count}&flag=${flag}");
        Assert.StartsWith("POST /x/a%2Fb?n=3&flag=true HTTP/1.1\r\n", head, StringComparison.Ordinal);
        var fault = Assert.Throws<FaultException>(() => Render("body: { bytes: \"${file}\", type: a/b }", "/x/${list}"));
        Assert.Contains("request.path: ${list} is no text, number or flag", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_sent_as_bytes_is_a_fault_with_the_protocols_file()
    {
        var fault = Assert.Throws<FaultException>(() => Render("body: { bytes: \"${count}\", type: a/b }"));
        Assert.Equal("k6/protocols/p.yaml: request.body.bytes: ${count} cannot be sent as bytes. Send it in json:.", fault.Message);
    }

    [Theory]
    [InlineData("body: { bytes: \"file ${file}\", type: a/b }", "is not one variable")]
    [InlineData("body: { bytes: \"${flie}\", type: a/b }", "no variable is called ${flie}")]
    [InlineData("body: { bytes: \"${file}\" }", "this key is missing")]
    [InlineData("body: { json: {}, bytes: \"${file}\" }", "this key is missing")]
    [InlineData("body: { form: { field: a, type: a/b, bytes: \"${file}\" } }", "this key is missing")]
    [InlineData("body: { bytes: \"${file}\", type: \"a/b\\r\\nx: 1\" }", "it holds U+000D")]
    [InlineData("body: { form: { field: \"a\\n\", file: f, type: a/b, bytes: \"${file}\" } }", "it holds U+000A")]
    [InlineData("body: { form: { field: a, file: 'f\"', type: a/b, bytes: \"${file}\" } }", "it holds U+0022")]
    [InlineData("body: { form: { field: a, file: \"\\0\", type: a/b, bytes: \"${file}\" } }", "it holds U+0000")]
    [InlineData("body: { form: { field: a, file: f, type: \"a/\\u00e4\", bytes: \"${file}\" } }", "it holds U+00E4")]
    [InlineData("body: { json: {}, bytes: \"${file}\", json-length-header: \"X: 1\" }", "it holds U+003A")]
    public void What_is_wrong_in_the_file_is_said(string body, string problem) =>
        Assert.Contains(problem, Assert.Single(Assert.Throws<FaultException>(() => Read(body)).Faults).Problem, StringComparison.Ordinal);

    [Fact]
    public void A_script_gets_bytes_in_base64_and_the_header_that_depends_on_them()
    {
        var protocol = Read("body: { json: { size: \"${count}\" }, bytes: \"${numbers}\", json-length-header: X-Length }");
        var payloads = PayloadFile.Of(PayloadSet.Render(protocol, Target, [Variables, Variables]), [0, 1]);
        Assert.True(payloads.Binary);
        Assert.Equal([new("X-Length", "10")], payloads.SharedHeaders);
    }

    /// <summary>Bodies whose JSON is of different lengths: each has its own header beside it.</summary>
    [Fact]
    public void Headers_that_differ_stand_beside_the_bodies()
    {
        var protocol = Read("body: { json: { size: \"${count}\" }, bytes: \"${numbers}\", json-length-header: X-Length }");
        var longer = Variables with { Values = new Dictionary<string, JsonNode>(Variables.Values) { ["count"] = JsonValue.Create(12_345) } };
        var payloads = PayloadFile.Of(PayloadSet.Render(protocol, Target, [Variables, longer]), [0, 1]);
        Assert.True(payloads.OwnHeaders);
        Assert.Empty(payloads.SharedHeaders);
        var path = Path.Combine(_folder, "payloads.json");
        payloads.Write(path);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(["10", "14"], json.RootElement.EnumerateArray().Select(e => e.GetProperty("headers").GetProperty("X-Length").GetString()));
    }

    /// <summary>Values may come from parsed JSON as well.</summary>
    [Theory]
    [InlineData("\"a b\"", "a%20b")]
    [InlineData("1.50", "1.50")]
    [InlineData("false", "false")]
    [InlineData("{}", null)]
    [InlineData("[1]", null)]
    public void A_path_holds_texts_numbers_and_flags(string json, string? written)
    {
        var values = Variables with { Values = new Dictionary<string, JsonNode>(Variables.Values) { ["count"] = JsonNode.Parse(json)! } };
        var render = WireFormat.Of(Read("body: { bytes: \"${file}\", type: a/b }", "/${count}")).Renderer("p", Target);
        if (written is null) Assert.Contains("is no text, number or flag", Assert.Throws<FaultException>(() => render(values)).Message, StringComparison.Ordinal);
        else Assert.StartsWith($"POST /{written} HTTP", Latin1.Text(render(values).Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_have_no_place_in_a_path()
    {
        var fault = Assert.Throws<FaultException>(() => Render("body: { bytes: \"${file}\", type: a/b }", "/${file}"));
        Assert.Contains("request.path: ${file} is no text, number or flag", fault.Message, StringComparison.Ordinal);
    }

    private static PayloadVariables Variables { get; } = new(1, new Dictionary<string, JsonNode>
    {
        ["file"] = JsonValue.Create(Bytes)!,
        ["numbers"] = JsonValue.Create(Numbers)!,
        ["count"] = JsonValue.Create(3),
        ["flag"] = JsonValue.Create(true),
        ["list"] = new JsonArray(1, 2),
    })
    { Model = "a/b" };

    private (string Head, byte[] Body) Render(string body, string path = "/")
    {
        var protocol = Read(body, path);
        var request = WireFormat.Of(protocol).Renderer("p", Target)(Variables);
        return (Latin1.Text(request.Bytes.AsSpan(0, request.Bytes.Length - request.BodyBytes)), request.Bytes[^request.BodyBytes..]);
    }

    private Protocol Read(string body, string path = "/")
    {
        var file = Path.Combine(_folder, "p.yaml");
        File.WriteAllText(file, $$"""
            name: p
            title: P
            specification: https://example.org
            payload: things
            transport: http
            request: { method: POST, path: "{{path}}", {{body}} }
            response: { json: { items: "data[*]" } }
            """);
        return CatalogueFile.Read(file, f => ProtocolReader.Read(f, [new Things()], WireFormats.All));
    }

    private sealed class Things : IPayloadKind
    {
        public string Name => "things";

        public IReadOnlyList<string> Variables { get; } = ["file", "numbers", "count", "flag", "list"];

        public IReadOnlyList<AnswerValue> AnswerValues => [];

        public IReadOnlyList<LimitKey> Limits => [];

        public PayloadSpec Read(YamlMapping section) => throw new NotSupportedException("no workload is read here");
    }
}
