using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>Shapes of inference requests that speak of more than there is, or than is allowed.</summary>
public sealed class InferShapeTests(PreparedMiniLm model)
{
    private const string Path = $"/v2/models/{PreparedMiniLm.Name}/infer";

    /// <summary>Far less than the numbers that the shapes here speak of would take.</summary>
    private const long Little = 1 << 18;

    [Theory]
    [InlineData("INT64", "8388608,1", "[]", "input_ids has more than 2048 items")]
    [InlineData("INT64", "2147483647,2147483647", "[]", "input_ids has more than 2048 items")]
    [InlineData("INT64", "1,8388608", "[]", "rows of 8388608 tokens")]
    [InlineData("INT64", "2,257", "[]", "takes 256 at most")]
    [InlineData("INT64", "2048,256", "[]", "does not hold 524288 elements")]
    [InlineData("INT64", "2048,256", "[[101,102]]", "does not hold 524288 elements")]
    [InlineData("INT32", "2048,256", "8", "does not hold 524288 elements")]
    [InlineData("INT64", "2048,256", "8", "does not hold 524288 elements")]
    public void No_memory_is_taken_for_numbers_that_cannot_be_there(string type, string shape, string data, string message)
    {
        var (json, binary) = Body(type, shape, data);
        using var runner = new FakeRunner();
        var options = RunningServer.Options($"--model={model.Folder}");
        using var served = new EmbeddingModel("fake", model.Session.Manifest, model.Tokenizer, [runner], options, TimeProvider.System, NullLogger.Instance, runner);
        var reader = new InferRequestReader(options, TimeProvider.System);
        // Whatever the first request makes once, tables and compiled code, is not counted.
        Read("1,2", "[101,102]");
        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(served, [.. json, .. binary], json.Length, new EmbeddingRequest(), out var error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Little);
        Assert.Contains(message, error!.Message);

        void Read(string rightShape, string rightData)
        {
            var right = Body("INT64", rightShape, rightData).Json;
            reader.Read(served, right, right.Length, new EmbeddingRequest(), out var none);
            Assert.Null(none);
        }
    }

    [Theory]
    [InlineData("1073741824", "more than 2048 items")]
    [InlineData("1,1073741824", "rows of 1073741824 tokens")]
    [InlineData("32768,32768", "more than 2048 items")]
    public async Task The_largest_body_that_may_be_allowed_makes_no_shape_overflow(string shape, string message)
    {
        await using var server = await GatedServer.StartAsync(model, "--max-body=1073741824");
        var (status, answer) = await server.Server.PostAsync(Path, Encoding.UTF8.GetString(Body("INT64", shape, "[]").Json));
        Assert.Equal(400, status);
        Assert.Contains(message, answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_largest_shape_is_still_answered()
    {
        // As many texts, and as long ones, as the limits allow; and data that is as short as JSON can make it.
        await using var server = await GatedServer.StartAsync(model, "--max-items=3");
        var numbers = $"[{string.Join(',', Enumerable.Repeat(7, 3 * 256))}]";
        var (status, answer) = await server.Server.PostAsync(Path, Encoding.UTF8.GetString(Body("INT64", "3,256", numbers).Json));
        Assert.Equal(200, status);
        Assert.Equal("[3,3]", answer.GetProperty("outputs")[0].GetProperty("shape").GetRawText());
    }

    [Fact]
    public void A_text_tensor_is_held_to_the_number_of_texts()
    {
        var json = """{"inputs":[{"name":"text","datatype":"BYTES","shape":[2147483647],"data":["a"]}]}"""u8;
        using var runner = new FakeRunner();
        var options = RunningServer.Options($"--model={model.Folder}");
        using var served = new EmbeddingModel("fake", model.Session.Manifest, model.Tokenizer, [runner], options, TimeProvider.System, NullLogger.Instance, runner);
        new InferRequestReader(options, TimeProvider.System).Read(served, json, json.Length, new EmbeddingRequest(), out var error);
        Assert.Equal(ErrorKind.TooMany, error!.Kind);
    }

    /// <param name="type">Of the numbers.</param>
    /// <param name="shape">What stands between the brackets.</param>
    /// <param name="data">A JSON array, or how many bytes of binary data there are.</param>
    private static (byte[] Json, byte[] Binary) Body(string type, string shape, string data)
    {
        var isJson = data.StartsWith('[');
        var content = isJson ? $"\"data\":{data}" : $$"""
            "parameters":{"binary_data_size":{{data}}}
            """;
        var json = $$"""{"inputs":[{"name":"input_ids","datatype":"{{type}}","shape":[{{shape}}],{{content}}}]}""";
        return (Encoding.UTF8.GetBytes(json), isJson ? [] : new byte[int.Parse(data)]);
    }
}
