using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>The Open Inference Protocol v2 over real sockets: JSON, and the binary tensor extension.</summary>
public sealed class OpenInferenceTests(PreparedMiniLm model, SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Path = $"/v2/models/{PreparedMiniLm.Name}/infer";
    private const string LengthHeader = "Inference-Header-Content-Length";

    private static readonly long[] Ids = [101, 13156, 102];

    private readonly RunningServer _server = shared.Server;

    [Theory]
    [InlineData("[[101,102,0],[101,13156,102]]", "[[1,1,0],[1,1,1]]")]
    [InlineData("[101,102,0,101,13156,102]", "[1,1,0,1,1,1]")]
    public async Task Tensors_in_JSON_may_be_nested_or_flat(string ids, string mask)
    {
        var (status, body) = await _server.PostAsync(Path, $$"""
            {"id":"one","inputs":[
              {"name":"input_ids","datatype":"INT64","shape":[2,3],"data":{{ids}}},
              {"name":"attention_mask","datatype":"INT64","shape":[2,3],"data":{{mask}}}],
             "outputs":[{"name":"embedding"}]}
            """);
        Assert.Equal(200, status);
        Assert.Equal("one", body.GetProperty("id").GetString());
        Assert.Equal(PreparedMiniLm.Name, body.GetProperty("model_name").GetString());
        Assert.Equal("1", body.GetProperty("model_version").GetString());
        var output = body.GetProperty("outputs")[0];
        Assert.Equal("[2,384]", output.GetProperty("shape").GetRawText());
        Assert.Equal("FP32", output.GetProperty("datatype").GetString());
        var data = output.GetProperty("data").EnumerateArray().Select(v => v.GetSingle()).ToArray();
        Embeddings.AssertSame(model.Embed([101, 102]), data[..384]);
        Embeddings.AssertSame(model.Embed(Ids), data[384..]);
    }

    [Fact]
    public async Task Texts_are_tokenised_by_the_server()
    {
        var (status, body) = await _server.PostAsync($"/v2/models/{PreparedMiniLm.Name}/versions/1/infer", """{"inputs":[{"name":"text","datatype":"BYTES","shape":[2,1],"data":["whale","a ship"]}]}""");
        Assert.Equal(200, status);
        var data = body.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetSingle()).ToArray();
        Embeddings.AssertSame(model.Embed("whale"), data[..384]);
        Embeddings.AssertSame(model.Embed("a ship"), data[384..]);
    }

    [Theory]
    [InlineData("INT64", false)]
    [InlineData("INT32", false)]
    [InlineData("INT64", true)]
    public async Task Tensors_come_and_go_as_bytes(string type, bool maskFirst)
    {
        var ids = Bytes([101, 102, 0, .. Ids], type);
        var mask = Bytes([1, 1, 0, 1, 1, 1], type);
        string Input(string name, byte[] bytes) => $$$"""{"name":"{{{name}}}","datatype":"{{{type}}}","shape":[2,3],"parameters":{"binary_data_size":{{{bytes.Length}}}}}""";
        string[] inputs = [Input("input_ids", ids), Input("attention_mask", mask)];
        if (maskFirst) Array.Reverse(inputs);
        var json = Encoding.UTF8.GetBytes($$$"""{"inputs":[{{{string.Join(',', inputs)}}}],"outputs":[{"name":"embedding","parameters":{"binary_data":true}}]}""");

        using var response = await SendAsync(json, maskFirst ? [.. mask, .. ids] : [.. ids, .. mask]);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        var data = await EmbeddingsAsync(response);
        Embeddings.AssertSame(model.Embed([101, 102]), data[..384]);
        Embeddings.AssertSame(model.Embed(Ids), data[384..]);
    }

    [Fact]
    public async Task Texts_come_as_bytes_with_their_lengths_before_them()
    {
        byte[] Text(string text)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
            return [.. length, .. utf8];
        }
        byte[] bytes = [.. Text("whale"), .. Text("größe")];
        var json = Encoding.UTF8.GetBytes($$$"""{"inputs":[{"name":"text","datatype":"BYTES","shape":[2],"parameters":{"binary_data_size":{{{bytes.Length}}}}}],"parameters":{"binary_data_output":true}}""");
        using var response = await SendAsync(json, bytes);
        var data = await EmbeddingsAsync(response);
        Embeddings.AssertSame(model.Embed("whale"), data[..384]);
        Embeddings.AssertSame(model.Embed("größe"), data[384..]);
    }

    [Theory]
    [InlineData("""{"inputs":[]}""", "inputs must be input_ids and attention_mask, or text alone")]
    [InlineData("""{}""", "inputs must be")]
    [InlineData("""[]""", "must be a JSON object")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"INT64","shape":[1],"data":[1]}]}""", "must be one of input_ids")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"FP32","shape":[1],"data":[1]}]}""", "datatype must be one of")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"BYTES","shape":[1],"data":[1]}]}""", "cannot be of type BYTES")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[0],"data":[]}]}""", "shape must hold")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1,1],"data":[1]}]}""", "shape must hold")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,2],"data":[101]}]}""", "does not hold 2 elements")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1],"data":[101,102]}]}""", "does not hold 1 elements")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1],"data":[1.5]}]}""", "must be whole numbers")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1],"data":7}]}""", "must be an array")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1],"data":[99999999]}]}""", "from 0 to 30521")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1]}]}""", "either data or the parameter")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1],"parameters":{"binary_data_size":8}}]}""", "not as long as the inputs say")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,2],"data":[101,102]},{"name":"attention_mask","datatype":"INT64","shape":[2,1],"data":[1,1]}]}""", "the same shape")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,2],"data":[101,102]},{"name":"attention_mask","datatype":"INT64","shape":[1,2],"data":[0,1]}]}""", "ones followed by zeros")]
    [InlineData("""{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1],"data":[1]},{"name":"input_ids","datatype":"INT64","shape":[1,1],"data":[1]}]}""", "holds 'input_ids' twice")]
    [InlineData("""{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":[5]}]}""", "must be texts")]
    [InlineData("""{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}],"outputs":[{"name":"logits"}]}""", "output's name must be one of")]
    [InlineData("""{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}],"id":5}""", "id must be a string")]
    public async Task What_is_wrong_is_said(string body, string message)
    {
        var (status, answer) = await _server.PostAsync(Path, body);
        Assert.Equal(400, status);
        Assert.Contains(message, answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_length_header_that_lies_is_refused()
    {
        foreach (var length in new[] { "1000", "-1", "x" })
        {
            using var response = await SendAsync("{}"u8.ToArray(), [], length);
            Assert.Equal(400, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task The_server_and_its_models_describe_themselves()
    {
        Assert.Equal("binary_tensor_data", (await _server.GetAsync("/v2")).Body.GetProperty("extensions")[0].GetString());
        Assert.True((await _server.GetAsync("/v2/health/live")).Body.GetProperty("live").GetBoolean());
        Assert.True((await _server.GetAsync("/v2/health/ready")).Body.GetProperty("ready").GetBoolean());
        var (_, metadata) = await _server.GetAsync($"/v2/models/{PreparedMiniLm.Name}");
        Assert.Equal("[-1,-1]", metadata.GetProperty("inputs")[0].GetProperty("shape").GetRawText());
        Assert.Equal("[-1,384]", metadata.GetProperty("outputs")[0].GetProperty("shape").GetRawText());
        Assert.True((await _server.GetAsync($"/v2/models/{PreparedMiniLm.Name}/ready")).Body.GetProperty("ready").GetBoolean());
        foreach (var path in new[] { "/v2/models/gpt", "/v2/models/gpt/ready", $"/v2/models/{PreparedMiniLm.Name}/versions/2", $"/v2/models/{PreparedMiniLm.Name}/versions/2/ready" })
            Assert.Equal(404, (await _server.GetAsync(path)).Status);
        Assert.Equal(404, (await _server.PostAsync("/v2/models/gpt/infer", "{}")).Status);
    }

    private static byte[] Bytes(long[] numbers, string type) =>
        type == "INT64" ? MemoryMarshal.AsBytes<long>(numbers).ToArray() : MemoryMarshal.AsBytes<int>(Array.ConvertAll(numbers, n => (int)n)).ToArray();

    private async Task<HttpResponseMessage> SendAsync(byte[] json, byte[] binary, string? length = null)
    {
        using var content = new ByteArrayContent([.. json, .. binary]) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        content.Headers.Add(LengthHeader, length ?? $"{json.Length}");
        return await _server.Client.PostAsync(Path, content);
    }

    private static async Task<float[]> EmbeddingsAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        var length = int.Parse(response.Headers.GetValues(LengthHeader).Single());
        var output = JsonElement.Parse(body.AsSpan(0, length)).GetProperty("outputs")[0];
        Assert.Equal(body.Length - length, output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        return MemoryMarshal.Cast<byte, float>(body.AsSpan(length)).ToArray();
    }
}
