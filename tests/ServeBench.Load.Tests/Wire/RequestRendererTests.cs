using System.Net;
using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

public sealed class RequestRendererTests
{
    private static readonly IPEndPoint Target = new(IPAddress.Loopback, 8080);

    private static readonly JsonAnswer Decoding = Protocols.Answer(Protocols.Path("data[*]"), null, null);

    [Fact]
    public void Renders_a_whole_request()
    {
        var request = Render(Protocols.Embeddings, Target, 
            PayloadVariables.OfTexts("all-MiniLM-L6-v2", ["Call me Ishmael.", "\"Ça\" <ira> & \\ \u6f22\u5b57 \U0001F40B\n\ttab"]));
        Assert.Equal(2, request.Items);
        // Line ends are made visible: they matter here, and text files in a repository lose them.
        var text = System.Text.Encoding.UTF8.GetString(request.Bytes).Replace("\r\n", "\\r\\n\n", StringComparison.Ordinal);
        Approved.Verify("openai-embeddings.request", text + "\n");
    }

    [Fact]
    public void The_declared_length_is_that_of_the_body_and_the_body_says_what_was_given()
    {
        string[] texts = ["\u00e9\u00e8 \u6f22 \U0001F40B", "\u0000\u001f\u007f", ""];
        var request = Render(Protocols.Embeddings, Target, PayloadVariables.OfTexts("m", texts));
        var text = Latin1.Text(request.Bytes);
        var head = text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
        Assert.Contains($"\r\nContent-Length: {request.BodyBytes}\r\n", head, StringComparison.Ordinal);
        Assert.Equal(request.Bytes.Length, head.Length + request.BodyBytes);
        using var body = JsonDocument.Parse(request.Bytes.AsMemory(head.Length));
        Assert.Equal(texts, body.RootElement.GetProperty("input").EnumerateArray().Select(t => t.GetString()));
    }

    [Fact]
    public void The_model_in_a_path_is_escaped()
    {
        var protocol = Protocols.Http("p", "/v1/models/${model}/infer?x=1", new JsonLiteralTemplate("{}"), Decoding, ("accept", "application/json"));
        var request = Render(protocol, new IPEndPoint(IPAddress.IPv6Loopback, 81), PayloadVariables.OfTexts("a/b c?", ["x"]));
        Assert.StartsWith(
            "POST /v1/models/a%2Fb%20c%3F/infer?x=1 HTTP/1.1\r\nHost: [::1]:81\r\naccept: application/json\r\n",
            Latin1.Text(request.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_text_is_there_for_protocols_that_take_one()
    {
        var protocol = Protocols.Http("p", "/", new JsonPlaceholderTemplate("text"), Decoding);
        var one = Render(protocol, Target, PayloadVariables.OfTexts("m", ["only"]));
        Assert.EndsWith("\r\n\r\n\"only\"", Latin1.Text(one.Bytes), StringComparison.Ordinal);
        var fault = Assert.Throws<FaultException>(() => Render(protocol, Target, PayloadVariables.OfTexts("m", ["a", "b"])));
        Assert.Equal(
            "k6/protocols/p.yaml: request.body.json: ${text} has no value for a request of 2 items. This payload gives: model, texts.", fault.Message);
    }

    [Theory]
    [InlineData("x\r\nEvil: 1")]
    [InlineData("x\u007f")]
    [InlineData("x\u0085")]
    [InlineData("\u6f22")]
    public void A_header_that_cannot_be_sent_is_refused(string value)
    {
        var protocol = Protocols.Http("p", "/", new JsonLiteralTemplate("{}"), Decoding, ("x-note", value));
        var fault = Assert.Throws<FaultException>(() => Render(protocol, Target, PayloadVariables.OfTexts("m", ["x"])));
        Assert.Contains("request.headers.x-note", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a b")]
    [InlineData("/a\r\nb")]
    [InlineData("/\u00e9")]
    public void A_path_that_cannot_be_sent_is_refused(string path)
    {
        var protocol = Protocols.Http("p", path, new JsonLiteralTemplate("{}"), Decoding);
        var fault = Assert.Throws<FaultException>(() => Render(protocol, Target, PayloadVariables.OfTexts("m", ["x"])));
        Assert.Contains("request.path", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_payload_set_holds_every_request_in_order()
    {
        var set = PayloadSet.Render(Protocols.Embeddings, Target, [PayloadVariables.OfTexts("m", ["a"]), PayloadVariables.OfTexts("m", ["bb", "c"])]);
        Assert.Equal([1, 2], set.Requests.Select(r => r.Items));
        Assert.Equal(set.Requests.Average(r => r.BodyBytes), set.MeanBodyBytes);
        Assert.Throws<ArgumentException>(() => PayloadSet.Render(Protocols.Embeddings, Target, []));
    }

    private static RenderedRequest Render(Protocol protocol, IPEndPoint target, PayloadVariables payload) =>
        WireFormat.Of(protocol).Renderer(protocol.Name, target)(payload);
}
