using System.Buffers;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>Bodies that come compressed, or in other encodings than plain UTF-8.</summary>
[Lane("slow")]
public sealed class ContentCodingTests(PreparedMiniLm model, SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Infer = $"/v2/models/{PreparedMiniLm.Name}/infer";

    private const string OpenAi = """{"input":"whale"}""";

    private readonly RunningServer _server = shared.Server;

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("identity, gzip")]
    [InlineData("identity")]
    public async Task What_is_known_is_decoded_for_every_protocol(string coding)
    {
        var (status, body) = await SendAsync("/v1/embeddings", Encode(OpenAi, coding), coding);
        Assert.Equal(200, status);
        Embeddings.AssertSame(model.Embed("whale"), Embeddings.Of(body, 0));
        (status, body) = await SendAsync("/", Encode("""{"inputs":"whale"}""", coding), coding);
        Assert.Equal(200, status);
        Embeddings.AssertSame(model.Embed("whale"), [.. body[0].EnumerateArray().Select(v => v.GetSingle())]);
        (status, body) = await SendAsync("/v2/repository/index", Encode("""{"ready":true}""", coding), coding);
        Assert.Equal((200, 1), (status, body.GetArrayLength()));
        (status, body) = await SendAsync(Infer, Encode("""{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["whale"]}]}""", coding), coding);
        Assert.Equal(200, status);
        Embeddings.AssertSame(model.Embed("whale"), [.. body.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetSingle())]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task The_length_of_the_JSON_before_binary_tensors_counts_decoded_bytes(string coding)
    {
        // As Triton's own client sends it.
        var json = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"input_ids","shape":[1,3],"datatype":"INT64","parameters":{"binary_data_size":24}}],"outputs":[{"name":"embedding","parameters":{"binary_data":false}}]}""");
        byte[] whole = [.. json, .. MemoryMarshal.AsBytes<long>([101, 13156, 102])];
        var (status, body) = await SendAsync(Infer, Encode(whole, coding), coding, json.Length);
        Assert.Equal(200, status);
        Embeddings.AssertSame(model.Embed([101, 13156, 102]), [.. body.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetSingle())]);
    }

    [Theory]
    [InlineData("br", "/v1/embeddings")]
    [InlineData("zstd", "/embed")]
    [InlineData("compress", Infer)]
    [InlineData("gzip, gzip", "/v1/embeddings")]
    [InlineData("br", "/v2/repository/index")]
    public async Task Others_are_refused_with_415_and_what_is_known(string coding, string path)
    {
        using var content = Content(Encoding.UTF8.GetBytes(OpenAi), coding);
        using var answer = await _server.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        Assert.Equal(415, (int)answer.StatusCode);
        Assert.Equal(["gzip, deflate"], answer.Headers.GetValues("Accept-Encoding"));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("decodes one of gzip, deflate", text, StringComparison.Ordinal);
        var error = JsonElement.Parse(text);
        Assert.Equal(path == "/v1/embeddings" ? JsonValueKind.Object : JsonValueKind.String, error.GetProperty("error").ValueKind);
        Assert.Equal(path == "/embed", error.TryGetProperty("error_type", out _));
    }

    [Fact]
    public async Task A_small_body_that_decodes_to_more_than_the_limit_is_refused_at_the_limit()
    {
        // 64 MB of blanks are some 64 kB of gzip; the limit here is 100 kB.
        var bomb = Encode(new byte[64 << 20], "gzip");
        Assert.InRange(bomb.Length, 1, 100_000);
        var (status, body) = await SendAsync("/v1/embeddings", bomb, "gzip");
        Assert.Equal(413, status);
        Assert.Contains("decodes to more than 100000 bytes", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_memory_is_taken_than_the_limit_asks_for()
    {
        var request = new DefaultHttpContext { Request = { Headers = { ContentEncoding = "gzip" } } }.Request;
        var bomb = new ReadOnlySequence<byte>(Encode(new byte[64 << 20], "gzip"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var decoded = ContentCoding.Decode(request, bomb, 100_000, out var error);
        Assert.Equal(ErrorKind.TooLarge, error!.Kind);
        // The body itself, its copy and the buffer that doubled up to the limit.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("gzip", "not valid gzip")]
    [InlineData("deflate", "not valid deflate")]
    public async Task What_is_not_what_it_says_is_told(string coding, string problem)
    {
        var (status, body) = await SendAsync("/v1/embeddings", Encoding.UTF8.GetBytes(OpenAi), coding);
        Assert.Equal(400, status);
        Assert.Contains(problem, body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>RFC 1950, 2.2: a dictionary that nobody here has; the decoder has an exception of its own for it.</summary>
    [Fact]
    public async Task A_body_that_needs_a_dictionary_is_refused()
    {
        var (status, body) = await SendAsync("/v1/embeddings", [0x78, 0x20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "deflate");
        Assert.Equal(400, status);
        Assert.Contains("not valid deflate", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_was_cut_off_is_never_answered()
    {
        foreach (var coding in new[] { "gzip", "deflate" })
        {
            var whole = Encode(OpenAi, coding);
            for (var length = 0; length < whole.Length; length++) Assert.Equal(400, (await SendAsync("/v1/embeddings", whole[..length], coding)).Status);
        }
    }

    /// <summary>RFC 1952, 2.2: what writers that flush, and files put one after the other, leave.</summary>
    [Fact]
    public async Task Several_members_of_gzip_are_one_body_and_each_must_be_whole()
    {
        byte[] whole = [.. Encode(OpenAi[..9], "gzip"), .. Encode(OpenAi[9..], "gzip")];
        var (status, body) = await SendAsync("/v1/embeddings", whole, "gzip");
        Assert.Equal(200, status);
        Embeddings.AssertSame(model.Embed("whale"), Embeddings.Of(body, 0));
        for (var length = 0; length < whole.Length; length++) Assert.Equal(400, (await SendAsync("/v1/embeddings", whole[..length], "gzip")).Status);
    }

    /// <summary>Some clients send what zlib calls deflate without zlib's header; it could not be told whole.</summary>
    [Fact]
    public async Task Deflate_without_its_header_is_refused_with_the_reason()
    {
        var output = new MemoryStream();
        using (var encoder = new DeflateStream(output, CompressionLevel.SmallestSize)) encoder.Write(Encoding.UTF8.GetBytes(OpenAi));
        var (status, body) = await SendAsync("/v1/embeddings", output.ToArray(), "deflate");
        Assert.Equal(400, status);
        Assert.Contains("lacks the header of zlib", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_passed_over()
    {
        foreach (var coding in new[] { "identity", "gzip" })
            Assert.Equal(200, (await SendAsync("/v1/embeddings", Encode("\uFEFF" + OpenAi, coding), coding)).Status);
    }

    [Fact]
    public async Task Text_in_another_encoding_is_refused()
    {
        Assert.Equal(400, (await SendAsync("/v1/embeddings", Encoding.Unicode.GetBytes(OpenAi), "identity")).Status);
        Assert.Equal(400, (await SendAsync("/v1/embeddings", Encoding.Latin1.GetBytes("""{"input":"größe"}"""), "identity")).Status);
    }

    private static byte[] Encode(string text, string coding) => Encode(Encoding.UTF8.GetBytes(text), coding);

    private static byte[] Encode(byte[] bytes, string coding)
    {
        var output = new MemoryStream();
        using (Stream encoder = coding.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? new GZipStream(output, CompressionLevel.SmallestSize)
            : coding == "deflate" ? new ZLibStream(output, CompressionLevel.SmallestSize) : new BufferedStream(output))
            encoder.Write(bytes);
        return output.ToArray();
    }

    private static ByteArrayContent Content(byte[] bytes, string coding)
    {
        var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return content;
    }

    private async Task<(int Status, JsonElement Body)> SendAsync(string path, byte[] bytes, string coding, int? jsonLength = null)
    {
        using var content = Content(bytes, coding);
        if (jsonLength is { } length) content.Headers.Add("Inference-Header-Content-Length", $"{length}");
        using var answer = await _server.Client.PostAsync(path, content);
        return ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }
}
