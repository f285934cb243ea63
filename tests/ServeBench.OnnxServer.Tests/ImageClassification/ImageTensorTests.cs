using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Images;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.ImageClassification;

/// <summary>Images as tensors, and as files, in the Open Inference Protocol.</summary>
public sealed class ImageTensorTests(SmallClassifier model) : IClassFixture<SmallClassifier>, IAsyncLifetime
{
    private const string Path = $"/v2/models/{SmallClassifier.Name}/infer";
    private const string LengthHeader = "Inference-Header-Content-Length";

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(model.Folder);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Pixels_come_and_logits_go_in_JSON()
    {
        var pixels = SmallClassifier.Pixels("420.jpg");
        var (status, body) = await _server.PostAsync(Path, $$"""{"id":"7","inputs":[{"name":"pixels","datatype":"FP32","shape":[1,3,48,48],"data":{{JsonSerializer.Serialize(pixels)}}}]}""");
        Assert.Equal(200, status);
        Assert.Equal("7", body.GetProperty("id").GetString());
        var output = body.GetProperty("outputs")[0];
        Assert.Equal("""{"name":"logits","datatype":"FP32","shape":[1,40]}""", Described(output));
        AssertSame(model.Run(pixels), [.. output.GetProperty("data").EnumerateArray().Select(v => v.GetSingle())]);
    }

    [Fact]
    public async Task Pixels_come_and_logits_go_as_bytes()
    {
        var (one, two) = (SmallClassifier.Pixels("420.jpg"), SmallClassifier.Pixels("rgb.png"));
        byte[] bytes = [.. MemoryMarshal.AsBytes<float>(one), .. MemoryMarshal.AsBytes<float>(two)];
        var json = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"pixels","datatype":"FP32","shape":[2,3,48,48],"parameters":{"binary_data_size": {{bytes.Length}} } }],"outputs":[{"name":"logits","parameters":{"binary_data":true} } ] }""");
        var (head, binary) = await PostBinaryAsync(json, bytes);
        Assert.Equal("[2,40]", head.GetProperty("outputs")[0].GetProperty("shape").GetRawText());
        var logits = MemoryMarshal.Cast<byte, float>(binary).ToArray();
        AssertSame([.. model.Run(one), .. model.Run(two)], logits);
    }

    [Fact]
    public async Task Files_come_as_elements_of_BYTES()
    {
        var file = RecordedImages.Read("420.jpg");
        var (status, body) = await _server.PostAsync(Path, $$"""{"inputs":[{"name":"encoded","datatype":"BYTES","shape":[1],"data":["{{Convert.ToBase64String(file)}}"]}]}""");
        Assert.Equal(200, status);
        var due = model.Run("420.jpg");
        AssertSame(due, [.. body.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetSingle())]);
        byte[] bytes = [.. BitConverter.GetBytes(file.Length), .. file];
        var json = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"encoded","datatype":"BYTES","shape":[1,1],"parameters":{"binary_data_size": {{bytes.Length}} } }],"parameters":{"binary_data_output":true} }""");
        var (_, binary) = await PostBinaryAsync(json, bytes);
        AssertSame(due, MemoryMarshal.Cast<byte, float>(binary).ToArray());
    }

    [Theory]
    [InlineData("""{"inputs":[]}""", "inputs must be pixels or encoded")]
    [InlineData("""{"inputs":[{"name":"image","datatype":"FP32","shape":[1],"data":[1]}]}""", "must be one of pixels, encoded")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"INT64","shape":[1],"data":[1]}]}""", "must be one of FP32, BYTES")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"BYTES","shape":[1],"data":["a"]}]}""", "cannot be of type BYTES")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"FP32","shape":[1,3,48,47],"data":[1]}]}""", "is [1,3,48,47]; it must be [n, 3, 48, 48]")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"FP32","shape":[3,48,48],"data":[1]}]}""", "it must be [n, 3, 48, 48]")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"FP32","shape":[1,3,48,48,1],"data":[1]}]}""", "1 to 4 whole numbers")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"FP32","shape":[1,3,48,48],"data":[1]}]}""", "does not hold 6912 elements")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"FP32","shape":[1000,3,48,48],"data":[1]}]}""", "does not hold 6912000 elements")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"FP32","shape":[2147483647,3,48,48],"data":[1]}]}""", "more than 2048 items")]
    [InlineData("""{"inputs":[{"name":"encoded","datatype":"BYTES","shape":[1],"data":["aGVsbG8="]}]}""", "is of no format")]
    [InlineData("""{"inputs":[{"name":"encoded","datatype":"BYTES","shape":[1,2],"data":["a","b"]}]}""", "must have the shape [n] or [n, 1]")]
    [InlineData("""{"inputs":[{"name":"encoded","datatype":"BYTES","shape":[1],"data":["a"]}],"outputs":[{"name":"scores"}]}""", "must be one of logits")]
    [Lane("slow")]
    public async Task What_is_wrong_is_said(string body, string message)
    {
        var (status, answer) = await _server.PostAsync(Path, body);
        Assert.Equal(400, status);
        Assert.Contains(message, answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_model_says_what_it_takes()
    {
        var (_, metadata) = await _server.GetAsync($"/v2/models/{SmallClassifier.Name}");
        Assert.Equal("""[{"name":"pixels","datatype":"FP32","shape":[-1,3,48,48]},{"name":"encoded","datatype":"BYTES","shape":[-1,1]}]""", metadata.GetProperty("inputs").GetRawText());
        Assert.Equal("""[{"name":"logits","datatype":"FP32","shape":[-1,40]}]""", metadata.GetProperty("outputs").GetRawText());
    }

    private async Task<(JsonElement Head, byte[] Binary)> PostBinaryAsync(byte[] json, byte[] bytes)
    {
        using var content = new ByteArrayContent([.. json, .. bytes]) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        content.Headers.Add(LengthHeader, $"{json.Length}");
        using var response = await _server.Client.PostAsync(Path, content, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        var length = int.Parse(response.Headers.GetValues(LengthHeader).Single());
        return (JsonElement.Parse(body.AsSpan(0, length)), body[length..]);
    }

    private static string Described(JsonElement output) => JsonSerializer.Serialize(new
    {
        name = output.GetProperty("name").GetString(), datatype = output.GetProperty("datatype").GetString(), shape = output.GetProperty("shape"),
    });

    private static void AssertSame(float[] due, float[] given)
    {
        Assert.Equal(due.Length, given.Length);
        Assert.All(due.Zip(given), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }
}
