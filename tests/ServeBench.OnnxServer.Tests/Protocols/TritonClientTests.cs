using System.IO.Compression;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>
/// The requests that tritonclient 2.73.0 was recorded to send, byte for byte: each is answered, or refused in the protocol's shape, which
/// is all that the client can read.
/// </summary>
[Lane("slow")]
public sealed class TritonClientTests(PreparedMiniLm model)
{
    private const string Model = $"/v2/models/{PreparedMiniLm.Name}";
    private const string Ids = """{"name":"input_ids","shape":[1,4],"datatype":"INT64","parameters":{"binary_data_size":32}}""";
    private const string Mask = """{"name":"attention_mask","shape":[1,4],"datatype":"INT64","parameters":{"binary_data_size":32}}""";
    private const string Ids32 = """{"name":"input_ids","shape":[1,4],"datatype":"INT32","parameters":{"binary_data_size":16}}""";
    private const string Mask32 = """{"name":"attention_mask","shape":[1,4],"datatype":"INT32","parameters":{"binary_data_size":16}}""";
    private const string Embedding = ""","outputs":[{"name":"embedding","parameters":{"binary_data":true}}]}""";

    [Fact]
    public async Task Every_recorded_call_is_answered_or_refused_as_the_protocol_has_it()
    {
        await using var server = await RunningServer.StartAsync(model.Folder);
        foreach (var (method, path, body, status) in new (string, string, string, int)[]
        {
            ("GET", "/v2/health/live", "", 200),
            ("GET", "/v2/health/ready", "", 200),
            ("GET", $"{Model}/ready", "", 200),
            ("GET", $"{Model}/versions/1/ready", "", 200),
            ("GET", "/v2", "", 200),
            ("GET", Model, "", 200),
            ("GET", $"{Model}/versions/1", "", 200),
            ("GET", "/v2/models/nope", "", 404),
            ("GET", $"{Model}/config", "", 200),
            ("POST", "/v2/repository/index", "", 200),
            ("GET", $"{Model}/stats", "", 200),
            ("GET", "/v2/models/stats", "", 200),
            ("GET", "/v2/trace/setting", "", 404),
            ("POST", "/v2/trace/setting", """{"trace_rate":"1000"}""", 404),
            ("GET", "/v2/logging", "", 404),
            ("POST", "/v2/logging", """{"log_verbose_level":0}""", 404),
            ("GET", "/v2/systemsharedmemory/status", "", 404),
            ("GET", "/v2/cudasharedmemory/status", "", 404),
            ("POST", "/v2/systemsharedmemory/unregister", "", 404),
            ("POST", "/v2/systemsharedmemory/region/fa/register", """{"key":"/field_a","offset":0,"byte_size":64}""", 404),
            ("POST", "/v2/systemsharedmemory/region/fa/unregister", "", 404),
            ("POST", $"/v2/repository/models/{PreparedMiniLm.Name}/unload", """{"parameters":{"unload_dependents":false}}""", 503), // As Triton, where models are not to be loaded by hand.
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST") request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            await CheckAsync(server, request, status, path);
        }
    }

    [Theory]
    [InlineData($$$"""{"inputs":[{{{Ids}}},{{{Mask}}}],"parameters":{"binary_data_output":true}}""", 240, 64, 200)]
    [InlineData($$$"""{"inputs":[{{{Ids}}},{{{Mask}}}]{{{Embedding}}}""", 266, 64, 200)]
    [InlineData($$$"""{"inputs":[{{{Ids}}},{{{Mask}}}],"outputs":[{"name":"embedding","parameters":{"classification":2,"binary_data":true}}]}""", 285, 64, 400)]
    [InlineData($$$"""{"inputs":[{{{Ids32}}},{{{Mask32}}}]{{{Embedding}}}""", 266, 32, 200)]
    [InlineData($$$"""{"inputs":[{{{Ids}}}]{{{Embedding}}}""", 170, 32, 200)]
    [InlineData($$$"""{"inputs":[{"name":"text","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":18}}]{{{Embedding}}}""", 163, 18, 200)]
    [InlineData($$$"""{"inputs":[{"name":"text","shape":[2,1],"datatype":"BYTES","parameters":{"binary_data_size":18}}]{{{Embedding}}}""", 165, 18, 200)]
    public async Task Every_recorded_inference_is_answered_or_refused_whatever_its_coding(string json, int recorded, int binary, int status)
    {
        // The recorder cut long bodies; what it kept of the head tells that nothing else was in them.
        Assert.Equal(recorded, json.Length);
        byte[] tensors = binary switch
        {
            18 => [5, 0, 0, 0, .. "hello"u8, 5, 0, 0, 0, .. "world"u8],
            32 when json.Contains("INT32", StringComparison.Ordinal) => [.. Bytes([101, 2023, 2003, 102]), .. Bytes([1, 1, 1, 1])],
            _ => [.. Longs([101, 2023, 2003, 102]), .. binary > 32 ? Longs([1, 1, 1, 1]) : []],
        };
        Assert.Equal(binary, tensors.Length);
        byte[] whole = [.. Encoding.UTF8.GetBytes(json), .. tensors];
        await using var server = await RunningServer.StartAsync(model.Folder);
        foreach (var coding in new[] { "", "gzip", "deflate" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Model}/infer") { Content = new ByteArrayContent(Coded(whole, coding)) };
            request.Headers.Add("Inference-Header-Content-Length", $"{recorded}");
            if (coding.Length > 0) request.Content.Headers.ContentEncoding.Add(coding);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            await CheckAsync(server, request, status, $"{json} in {coding}");
        }
    }

    private static async Task CheckAsync(RunningServer server, HttpRequestMessage request, int status, string what)
    {
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"{what}: {(int)answer.StatusCode} {Encoding.UTF8.GetString(body)}");
        if (status == 200) return;
        Assert.False(string.IsNullOrWhiteSpace(JsonDocument.Parse(body).RootElement.GetProperty("error").GetString()), what);
    }

    private static byte[] Longs(long[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static byte[] Bytes(int[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static byte[] Coded(byte[] whole, string coding)
    {
        using var into = new MemoryStream();
        Stream? coder = coding switch { "gzip" => new GZipStream(into, CompressionLevel.Fastest, true), "deflate" => new ZLibStream(into, CompressionLevel.Fastest, true), _ => null };
        if (coder is null) return whole;
        using (coder) coder.Write(whole);
        return into.ToArray();
    }
}
