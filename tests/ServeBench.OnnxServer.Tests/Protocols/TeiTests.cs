using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>The interface of Text Embeddings Inference over real sockets.</summary>
public sealed class TeiTests(PreparedMiniLm model, SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Texts_and_tokens_are_embedded_in_their_order()
    {
        var (status, body) = await _server.PostAsync("/embed", """{"inputs":["whale",[101,13156,102],"a ship"]}""");
        Assert.Equal(200, status);
        Assert.Equal(3, body.GetArrayLength());
        Embeddings.AssertSame(model.Embed("whale"), Row(body, 0));
        Embeddings.AssertSame(model.Embed([101, 13156, 102]), Row(body, 1));
        Embeddings.AssertSame(model.Embed("a ship"), Row(body, 2));
    }

    [Fact]
    public async Task A_text_alone_and_tokens_alone_are_one_embedding()
    {
        var (_, text) = await _server.PostAsync("/embed", """{"inputs":"whale","normalize":true}""");
        Assert.Equal(1, text.GetArrayLength());
        Embeddings.AssertSame(model.Embed("whale"), Row(text, 0));
        var (_, tokens) = await _server.PostAsync("/embed", """{"inputs":[101,13156,102]}""");
        Embeddings.AssertSame(model.Embed([101, 13156, 102]), Row(tokens, 0));
    }

    [Theory]
    [InlineData("Right")]
    [InlineData("right")]
    [InlineData("Left")]
    [InlineData("left")]
    [Lane("slow")]
    public async Task Long_texts_are_cut_at_the_end_that_is_asked_for(string direction)
    {
        var words = Enumerable.Range(0, 400).Select(i => i < 200 ? "whale" : "ship").ToArray();
        var (status, body) = await _server.PostAsync("/embed", $$"""{"inputs":"{{string.Join(' ', words)}}","truncate":true,"truncation_direction":"{{direction}}"}""");
        Assert.Equal(200, status);
        // 256 tokens, of which two are special.
        var kept = string.Equals(direction, "left", StringComparison.OrdinalIgnoreCase) ? words[^254..] : words[..254];
        Embeddings.AssertSame(model.Embed(string.Join(' ', kept)), Row(body, 0));
    }

    [Theory]
    [InlineData("""{"inputs":"a","normalize":false}""", 400, "Validation")]
    [InlineData("""{"inputs":"a","dimensions":12}""", 400, "Validation")]
    [InlineData("""{"inputs":"a","prompt_name":"query"}""", 400, "Validation")]
    [InlineData("""{"inputs":"a","truncate":"yes"}""", 400, "Validation")]
    [InlineData("""{"inputs":"a","truncation_direction":"Up"}""", 400, "Validation")]
    [InlineData("""{"inputs":{}}""", 400, "Validation")]
    [InlineData("""{"inputs":[[["a"]]]}""", 400, "Validation")]
    [InlineData("""{}""", 400, "Validation")]
    [InlineData("""{"inputs":"a"}}""", 400, "Validation")]
    [InlineData("""{"inputs":""}""", 400, "Empty")]
    [InlineData("""{"inputs":[]}""", 400, "Empty")]
    [InlineData("""{"inputs":[[]]}""", 400, "Empty")]
    [InlineData("""{"inputs":"\udfff"}""", 422, "Tokenizer")]
    [InlineData("""{"inputs":[99999999]}""", 422, "Tokenizer")]
    public async Task What_is_wrong_is_said_in_its_shape(string body, int status, string type)
    {
        var (actual, answer) = await _server.PostAsync("/embed", body);
        Assert.Equal(status, actual);
        Assert.Equal(type, answer.GetProperty("error_type").GetString());
        Assert.NotEmpty(answer.GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Too_many_texts_and_too_many_tokens_are_refused_with_413()
    {
        var (many, _) = await _server.PostAsync("/embed", JsonSerializer.Serialize(new { inputs = Enumerable.Repeat("a", 41) }));
        Assert.Equal(413, many);
        var (@long, answer) = await _server.PostAsync("/embed", JsonSerializer.Serialize(new { inputs = string.Join(' ', Enumerable.Repeat("whale", 300)) }));
        Assert.Equal(413, @long);
        Assert.Equal("Validation", answer.GetProperty("error_type").GetString());
    }

    [Fact]
    public async Task Info_tells_the_model_and_the_limits()
    {
        var (_, info) = await _server.GetAsync("/info");
        Assert.Equal(PreparedMiniLm.Name, info.GetProperty("served_model_name").GetString());
        Assert.Equal(256, info.GetProperty("max_input_length").GetInt32());
        Assert.Equal(40, info.GetProperty("max_client_batch_size").GetInt32());
        Assert.False(info.GetProperty("auto_truncate").GetBoolean());
    }

    private static float[] Row(JsonElement answer, int row) => [.. answer[row].EnumerateArray().Select(v => v.GetSingle())];
}
