using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServeBench.Domain.Faults;
using ServeBench.Load.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

/// <summary>Protocols over gRPC: how they are read, what they send, and how answers are understood.</summary>
public sealed class GrpcCallTests : IDisposable
{
    private const string Proto = """
        syntax = "proto3";
        package p;
        service Service { rpc Call(Question) returns (Answer); rpc Stream(Question) returns (stream Answer); rpc Collect(stream Question) returns (Answer); rpc Talk(stream Question) returns (stream Answer); }
        message Question { string model = 1; repeated string texts = 2; bytes raw = 3; Tensor tensor = 4; }
        message Answer { repeated Tensor tensors = 1; int64 tokens = 2; bytes raw_vectors = 3; repeated Item items = 4; }
        message Tensor { repeated int64 shape = 1; repeated float numbers = 2; bytes bytes = 3; }
        message Item { repeated float vector = 1; }
        """;

    private const string Request = "request: { proto: a.proto, method: p.Service/Call, message: { json: { model: '${model}', texts: '${texts}' } } }";

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-grpc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_request_is_a_head_and_a_message()
    {
        var call = Read(Request);
        var request = call.Renderer("p", new IPEndPoint(IPAddress.Loopback, 81))(PayloadVariables.OfTexts("m", ["a", "\u00e4"]));
        byte[] message = [0x0a, 1, (byte)'m', 0x12, 1, (byte)'a', 0x12, 2, 0xc3, 0xa4];
        Assert.Equal([0, 0, 0, 0, 10, .. message], request.Bytes[^request.BodyBytes..]);
        Assert.Equal((15, 2), (request.BodyBytes, request.Items));
        var head = Assert.Single(Http2.Frames.Parse(request.Bytes.AsSpan(0, request.Bytes.Length - 15)));
        Assert.Equal((Http2.Frames.Headers, Http2.Frames.EndHeaders, 0), (head.Type, head.Flags, head.Stream));
        var log = new Http2.ResponseLog();
        Assert.Null(new Load.Http2.HeaderBlockReader().Read(head.Payload, log));
        Assert.Equal([":method: POST", ":scheme: http", ":path: /p.Service/Call", ":authority: 127.0.0.1:81", "content-type: application/grpc", "te: trailers"], log.Log);
    }

    /// <summary>k6 turns JSON into messages itself, with all bytes in base64.</summary>
    [Fact]
    public void A_script_gets_the_message_in_JSON()
    {
        var call = Read("request: { proto: a.proto, method: p.Service/Call, bytes: { tensor.bytes: fp32, raw: text }, message: { json: { raw: 'x', tensor: { bytes: [1, 2], shape: ['${items}'] } } } }");
        var request = call.Renderer("p", new IPEndPoint(IPAddress.Loopback, 81))(PayloadVariables.OfTexts("m", ["a", "b"]));
        using var json = JsonDocument.Parse(call.K6.BodyOf(request));
        Assert.Equal("eA==", json.RootElement.GetProperty("raw").GetString());
        Assert.Equal("AACAPwAAAEA=", json.RootElement.GetProperty("tensor").GetProperty("bytes").GetString());
        Assert.Equal("2", Assert.Single(json.RootElement.GetProperty("tensor").GetProperty("shape").EnumerateArray()).GetString());
    }

    /// <summary>A tensor's numbers go from the payload's memory into the message, whatever they are; where a list of numbers is meant, as such.</summary>
    [Fact]
    public void The_bytes_of_a_tensor_are_those_of_its_numbers()
    {
        var call = Read("request: { proto: a.proto, method: p.Service/Call, bytes: { tensor.bytes: fp32 }, message: { json: { tensor: { bytes: '${text}', numbers: '${texts}' } } } }");
        float[] numbers = [1, 0.1f, -float.Epsilon, float.NaN, float.PositiveInfinity];
        var payload = new PayloadVariables(1, new Dictionary<string, JsonNode> { ["text"] = JsonValue.Create(numbers)!, ["texts"] = JsonValue.Create((float[])[2, 3])! });
        using var json = JsonDocument.Parse(call.K6.BodyOf(call.Renderer("p", new IPEndPoint(IPAddress.Loopback, 81))(payload)));
        var tensor = json.RootElement.GetProperty("tensor");
        Assert.Equal(MemoryMarshal.AsBytes<float>(numbers).ToArray(), tensor.GetProperty("bytes").GetBytesFromBase64());
        Assert.Equal([2, 3], tensor.GetProperty("numbers").EnumerateArray().Select(n => n.GetSingle()));
    }

    [Fact]
    public void A_message_that_cannot_be_one_is_told_with_its_place()
    {
        var call = Read("request: { proto: a.proto, method: p.Service/Call, message: { json: { model: '${texts}' } } }");
        var fault = Assert.Single(Assert.Throws<FaultException>(() => call.Renderer("q", new IPEndPoint(IPAddress.Loopback, 1))(PayloadVariables.OfTexts("m", ["a"]))).Faults);
        Assert.Equal("k6/protocols/q.yaml: request.message.json: model: [\"a\"] stands where a string is expected. It has to be a p.Question.", fault.ToString());
    }

    [Theory]
    [InlineData("items: 'items[*]', embedding: 'items[*].vector', input-tokens: tokens", """{"items":[{"vector":[1,2]},{"vector":[3,4]}],"tokens":7}""")]
    [InlineData("count: 'tensors[0].shape[0]', embedding: 'tensors[0].numbers', input-tokens: tokens", """{"tensors":[{"shape":[2,2],"numbers":[1,2,3,4]}],"tokens":7}""")]
    [InlineData("count: 'tensors[0].shape[0]', embedding: 'tensors[0].bytes', input-tokens: tokens", """{"tensors":[{"shape":[2,2],"bytes":"AACAPwAAAEAAAEBAAACAQA=="}],"tokens":7}""")]
    public void An_answer_is_understood_from_our_driver_and_from_k6(string paths, string answer)
    {
        var call = Read(Request, $"response: {{ bytes: {{ tensors.bytes: fp32 }}, json: {{ {paths} }} }}");
        foreach (var body in new[] { Latin1.Bytes(answer), Message(answer) })
        {
            Assert.True(call.TryDecode(new KeptAnswer(0, 0, body), out var decoded, out var problem), problem);
            Assert.Equal((2, 7L), (decoded.Items, decoded.Counts["input-tokens"]));
            Assert.Equal([[1f, 2f], [3f, 4f]], decoded.Vectors["embedding"]);
        }
    }

    [Fact]
    public void A_variable_that_has_no_value_is_told_with_its_key()
    {
        var call = Read(Request.Replace("'${texts}'", "['${text}']", StringComparison.Ordinal));
        var fault = Assert.Single(Assert.Throws<FaultException>(() => call.Renderer("q", new IPEndPoint(IPAddress.Loopback, 81))(PayloadVariables.OfTexts("m", ["a", "b"]))).Faults);
        Assert.Equal("request.message.json", fault.Key);
    }

    /// <summary>What our driver sends and what our server reads: one description, twice.</summary>
    [Fact]
    public void The_drivers_and_the_servers_definitions_of_a_message_are_equal()
    {
        string[] files = [Path.Combine("k6", "protocols", "open-inference.proto"), Path.Combine("src", "ServeBench.OnnxServer", "Protos", "grpc_predict_v2.proto")];
        var types = files.Select(f => TypesOf(Load.Protobuf.ProtoFileReader.Read(File.ReadAllText(Path.Combine(K6.Repository.Root, f))))).ToArray();
        string[] shared = [.. types[0].Keys.Intersect(types[1].Keys)];
        // Eight messages, and the entries of four maps.
        Assert.Equal(12, shared.Length);
        Assert.All(shared, name => Assert.Equal(types[0][name], types[1][name]));
    }

    [Fact]
    public void A_stream_makes_up_one_answer()
    {
        var call = Read(Request.Replace("method: p.Service/Call", "method: p.Service/Stream, answers: stream", StringComparison.Ordinal), "response: { json: { items: 'items[*]', embedding: 'items[*].vector' } }");
        Assert.True(call.HasEvents);
        AnswerEvent[] events = [new(1, Message("""{"items":[{"vector":[1]}]}""")), new(2, Message("{}")), new(3, Message("""{"items":[{"vector":[2]}]}"""))];
        Assert.True(call.TryDecode(new KeptAnswer(0, 0, []) { Events = events }, out var decoded, out var problem), problem);
        Assert.Equal([[1f], [2f]], decoded.Vectors["embedding"]);
    }

    [Theory]
    [InlineData(14, "no room", "gRPC status 14 (UNAVAILABLE) instead of OK; it says: no room")]
    [InlineData(99, "", "gRPC status 99 instead of OK; it says: (empty)")]
    [InlineData(503, "busy", "HTTP status 503 and no gRPC status; the body begins: busy")]
    [InlineData(0, "\u0008", "the answer is not a p.Answer: the message: the bytes are no message")]
    [InlineData(0, "{\"items\"", "the answer is not a p.Answer: ")]
    [InlineData(0, "{\"other\":1}", "the answer is not a p.Answer: other: p.Answer has no such field")]
    [InlineData(0, "{\"tensors\":[]}", "tensors has length 0, so nothing at [0]")]
    [InlineData(0, "{\"tensors\":[{\"shape\":[3,2],\"numbers\":[1,2,3,4]}]}", "tensors[0].shape[0] yields 3 items but tensors[0].numbers yields 4 numbers, not as many for each")]
    [InlineData(0, "{\"tensors\":[{\"shape\":[-1],\"numbers\":[1]}]}", "tensors[0].shape[0] is a string instead of a count")]
    [InlineData(0, "{\"tensors\":[{\"shape\":[1],\"numbers\":[\"NaN\"]}]}", "tensors[0].numbers[0] is a string instead of a finite number")]
    public void What_is_wrong_with_an_answer_is_told(int status, string body, string problem)
    {
        var call = Read(Request, "response: { json: { count: 'tensors[0].shape[0]', embedding: 'tensors[0].numbers' } }");
        Assert.False(call.TryDecode(new KeptAnswer(0, status, Latin1.Bytes(body)), out _, out var said));
        Assert.StartsWith(problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("method: p.Service/Call", "method: p.Service/Cal", "request.method", "a.proto has no method p.Service/Cal", "p.Service/Call")]
    [InlineData("method: p.Service/Call", "method: p.Service/Call, answers: stream", "request.answers", "answers with one message", "Write answers: one")]
    [InlineData("method: p.Service/Call", "method: p.Service/Stream", "request.answers", "answers with a stream of messages", "Write answers: stream")]
    [InlineData("method: p.Service/Call", "method: p.Service/Collect", "request.method", "takes a stream of messages and answers all of them with one", "answers each message")]
    [InlineData("method: p.Service/Call", "method: p.Service/Collect, answers: stream", "request.method", "takes a stream of messages and answers all of them with one", "answers each message")]
    [InlineData("method: p.Service/Call", "method: p.Service/Talk", "request.answers", "answers with a stream of messages", "Write answers: stream")]
    [InlineData("texts:", "tekst:", "request.message.json", "p.Question has no field 'tekst'", "Did you mean texts?")]
    [InlineData("model: '${model}'", "tensor: { shap: [1] }", "request.message.json", "p.Tensor has no field 'shap'", "Did you mean shape?")]
    [InlineData("proto: a.proto,", "proto: a.proto, bytes: { tensor.numbers: fp32 },", "request.bytes.tensor.numbers", "tensor.numbers is of float, not of bytes", "")]
    [InlineData("proto: a.proto,", "proto: a.proto, bytes: { tensor.byte: fp32 },", "request.bytes.tensor.byte", "p.Tensor has no field 'byte'", "Did you mean bytes?")]
    [InlineData("proto: a.proto,", "proto: a.proto, bytes: { raw: fp33 },", "request.bytes.raw", "'fp33' is not known here", "Did you mean fp32?")]
    [InlineData("items[*].vector", "items[*].vectr", "response.json", "p.Item has no field 'vectr' in JSON; did you mean vector?", "lower camel case")]
    [InlineData("items[*].vector", "raw_vectors", "response.json", "p.Answer has no field 'raw_vectors' in JSON; did you mean rawVectors?", "lower camel case")]
    [InlineData("items[*].vector", "tokens.x", "response.json", "looks for 'x' in what is no message", "")]
    public void One_fault_is_one_fault_with_its_key(string correct, string wrong, string key, string problem, string remedy)
    {
        string[] sections = [Request, "response: { json: { items: 'items[*]', embedding: 'items[*].vector' } }"];
        Read(sections);
        var fault = Assert.Single(Assert.Throws<FaultException>(() => Read([.. sections.Select(s => s.Replace(correct, wrong, StringComparison.Ordinal))])).Faults);
        Assert.Equal(key, fault.Key);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_the_proto_names_its_file_and_line()
    {
        var fault = Assert.Single(Assert.Throws<FaultException>(() => GrpcProtocols.Read(_folder, Proto.Replace("bytes raw = 3;", "\nbytess raw = 3;", StringComparison.Ordinal), Request)).Faults);
        Assert.Equal((Path.Combine(_folder, "a.proto").Replace('\\', '/'), 5, "no type is called bytess"), (fault.Where.Replace('\\', '/'), fault.Line, fault.Problem));
        fault = Assert.Single(Assert.Throws<FaultException>(() => Read(Request.Replace("a.proto", "b.proto", StringComparison.Ordinal))).Faults);
        Assert.Contains("b.proto cannot be read", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_repositorys_own_protocol_carries_texts_and_vectors()
    {
        var call = Assert.IsType<GrpcCall>(GrpcProtocols.OpenInference.Wire);
        var request = call.Renderer("p", new IPEndPoint(IPAddress.Loopback, 1))(PayloadVariables.OfTexts("mini", ["ab", "c"]));
        using var json = JsonDocument.Parse(call.K6.BodyOf(request));
        var input = Assert.Single(json.RootElement.GetProperty("inputs").EnumerateArray());
        Assert.Equal("mini text BYTES 2", $"{json.RootElement.GetProperty("modelName")} {input.GetProperty("name")} {input.GetProperty("datatype")} {input.GetProperty("shape")[0]}");
        Assert.Equal(["YWI=", "Yw=="], input.GetProperty("contents").GetProperty("bytesContents").EnumerateArray().Select(t => t.GetString()));
        var body = Latin1.Bytes("""{"outputs":[{"name":"embedding","datatype":"FP32","shape":["2","1"]}],"rawOutputContents":["AACAPwAAAEA="]}""");
        Assert.True(call.TryDecode(new KeptAnswer(0, 0, body), out var decoded, out var problem), problem);
        Assert.Equal((2, 2f), (decoded.Items, decoded.Vectors["embedding"][1][0]));
    }

    /// <summary>Every message that the methods lead to, with its fields.</summary>
    private static Dictionary<string, string> TypesOf(Load.Protobuf.ProtoSchema schema)
    {
        var types = new Dictionary<string, string>();
        void Add(Load.Protobuf.ProtoMessage type)
        {
            if (!types.TryAdd(type.Name, string.Join('\n', type.Fields.OrderBy(f => f.Number).Select(f => $"{f.Number} {f.Name} {f.JsonName} {f.Kind} {f.Message?.Name} {f.IsRepeated} {f.IsMap} {f.IsUnpacked} {f.HasPresence} {f.Oneof}")))) return;
            foreach (var field in type.Fields)
                if (field.Message is { } inner) Add(inner);
        }
        foreach (var method in schema.Methods.Values)
        {
            Add(method.Request);
            Add(method.Response);
        }
        return types;
    }

    /// <summary>An answer as its server would encode it.</summary>
    private static byte[] Message(string json)
    {
        using var document = JsonDocument.Parse(json);
        var type = Load.Protobuf.ProtoFileReader.Read(Proto).Methods["p.Service/Call"].Response;
        return new Load.Protobuf.ProtoWriter(Load.Protobuf.ProtoForm.Plain(type)).Write(document.RootElement);
    }

    private GrpcCall Read(params string[] sections) => (GrpcCall)GrpcProtocols.Read(_folder, Proto, sections).Wire;
}
