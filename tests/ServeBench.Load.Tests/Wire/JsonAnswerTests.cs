using ServeBench.Domain.Protocols;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

public sealed class JsonAnswerTests
{
    private static readonly WireFormat Embeddings = WireFormat.Of(Protocols.Embeddings);

    [Fact]
    public void Reads_items_embeddings_and_tokens()
    {
        const string body = """{"data":[{"embedding":[0.5,-1,2e-3]},{"embedding":[]}],"usage":{"prompt_tokens":7}}""";
        Assert.True(Embeddings.TryDecode(new KeptAnswer(0, 200, Latin1.Bytes(body)), out var answer, out var problem), problem);
        Assert.Equal(2, answer.Items);
        Assert.Equal([0.5f, -1f, 0.002f], answer.Vectors["embedding"][0]);
        Assert.Empty(answer.Vectors["embedding"][1]);
        Assert.Equal(7, answer.Counts["input-tokens"]);
    }

    [Fact]
    public void What_the_protocol_does_not_carry_is_absent()
    {
        var decoder = Of("outputs[1].rows[*]");
        Assert.True(decoder.TryDecode(new KeptAnswer(0, 200, """{"outputs":[0,{"rows":[1,2,3]}]}"""u8.ToArray()), out var answer, out _));
        Assert.Equal((3, 0, 0), (answer.Items, answer.Vectors.Count, answer.Counts.Count));
    }

    [Fact]
    public void Tensors_say_how_many_items_there_are_and_hold_all_of_them()
    {
        JsonAnswer Tensor(bool mayLack = false) => new(Protocols.Path("outputs[0].shape[0]"), [new(new("scores", AnswerForm.Vectors) { MayLack = mayLack }, Protocols.Path("outputs[0].data"))]) { IsCount = true };
        Assert.True(Tensor().TryDecode("""{"outputs":[{"shape":[2,3],"data":[1,2,3,4,5,6]}]}"""u8.ToArray(), out var answer, out var problem), problem);
        Assert.Equal(2, answer.Items);
        Assert.Equal([[1, 2, 3], [4, 5, 6]], answer.Vectors["scores"]);
        Assert.False(Tensor().TryDecode("""{"outputs":[{"shape":[2,3],"data":[1,2,3,4,5]}]}"""u8.ToArray(), out _, out problem));
        Assert.StartsWith("outputs[0].shape[0] yields 2 items but outputs[0].data yields 5 numbers", problem, StringComparison.Ordinal);
        Assert.False(Tensor().TryDecode("""{"outputs":[{"shape":["2"],"data":[1,2]}]}"""u8.ToArray(), out _, out problem));
        Assert.StartsWith("outputs[0].shape[0] is a string instead of a count", problem, StringComparison.Ordinal);
        Assert.True(Tensor(mayLack: true).TryDecode("""{"outputs":[{"shape":[2,3]}]}"""u8.ToArray(), out answer, out _));
        Assert.Empty(answer.Vectors);
    }

    [Fact]
    public void What_an_answer_may_lack_is_missed_by_nobody_but_must_be_there_for_all_or_none()
    {
        var decoder = new JsonAnswer(Protocols.Path("data[*]"), [new(new("logits", AnswerForm.Vectors) { MayLack = true }, Protocols.Path("data[*].logits"))]);
        Assert.True(decoder.TryDecode("""{"data":[{},{}]}"""u8.ToArray(), out var answer, out _));
        Assert.Equal((2, 0), (answer.Items, answer.Vectors.Count));
        Assert.True(decoder.TryDecode("""{"data":[{"logits":[1]},{"logits":[2]}]}"""u8.ToArray(), out answer, out _));
        Assert.Equal([[1], [2]], answer.Vectors["logits"]);
        Assert.False(decoder.TryDecode("""{"data":[{"logits":[1]},{}]}"""u8.ToArray(), out _, out var problem));
        Assert.StartsWith("data[*] yields 2 items but data[*].logits yields 1 vectors", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_can_itself_be_the_array()
    {
        Assert.True(Of("[*]").TryDecode(new KeptAnswer(0, 200, "[[1],[2]]"u8.ToArray()), out var answer, out _));
        Assert.Equal(2, answer.Items);
    }

    [Theory]
    [InlineData(200, "{", "the answer is not JSON")]
    [InlineData(200, "", "the answer is not JSON")]
    [InlineData(503, "busy\nnow", "status 503 instead of 200; the body begins: busy now")]
    [InlineData(200, "{\"error\":\"x\"}", "the answer has no member 'data' (looked for data[*])")]
    [InlineData(200, "[]", "the answer is an array instead of an object (looked for data[*])")]
    [InlineData(200, "{\"data\":\"x\"}", "data is a string instead of an array (looked for data[*])")]
    [InlineData(200, "{\"data\":[{}]}", "data[0] has no member 'embedding' (looked for data[*].embedding)")]
    [InlineData(200, "{\"data\":[{\"embedding\":null}]}", "data[0].embedding is null instead of an array of numbers")]
    [InlineData(200, "{\"data\":[{\"embedding\":[1,\"2\"]}]}", "data[0].embedding[1] is a string instead of a finite number")]
    [InlineData(200, "{\"data\":[{\"embedding\":[1,1e99]}]}", "data[0].embedding[1] is the number 1e99 instead of a finite number")]
    [InlineData(200, "{\"data\":[]}", "the answer has no member 'usage' (looked for usage.prompt_tokens)")]
    [InlineData(200, "{\"data\":[],\"usage\":{\"prompt_tokens\":1.5}}", "usage.prompt_tokens is the number 1.5 instead of a count")]
    [InlineData(200, "{\"data\":[],\"usage\":{\"prompt_tokens\":true}}", "usage.prompt_tokens is true instead of a count")]
    public void Says_what_is_wrong_with_an_answer(int status, string body, string problem)
    {
        Assert.False(Embeddings.TryDecode(new KeptAnswer(0, status, Latin1.Bytes(body)), out var answer, out var said));
        Assert.Null(answer);
        Assert.StartsWith(problem, said, StringComparison.Ordinal);
        Assert.Contains(body.Length == 0 ? "(empty)" : body.Replace('\n', ' '), said, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_that_is_not_there_is_named()
    {
        Assert.False(Of("rows[3]").TryDecode(new KeptAnswer(0, 200, """{"rows":[1]}"""u8.ToArray()), out _, out var problem));
        Assert.StartsWith("rows has length 1, so nothing at [3] (looked for rows[3])", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_beginning_of_a_long_body_is_shown()
    {
        Assert.False(Embeddings.TryDecode(new KeptAnswer(0, 200, Latin1.Bytes("{" + new string('x', 5000))), out _, out var problem));
        Assert.EndsWith("... (5001 bytes)", problem, StringComparison.Ordinal);
        Assert.True(problem.Length < 500);
    }

    [Fact]
    public void Items_and_embeddings_must_be_as_many()
    {
        var decoder = WireFormat.Of(Protocols.Http(
            "p", "/", new JsonLiteralTemplate("{}"), Protocols.Answer(Protocols.Path("items[*]"), Protocols.Path("vectors[*]"), null)));
        Assert.False(decoder.TryDecode(new KeptAnswer(0, 200, """{"items":[1,2],"vectors":[[1]]}"""u8.ToArray()), out _, out var problem));
        Assert.StartsWith("items[*] yields 2 items but vectors[*] yields 1 vectors", problem, StringComparison.Ordinal);
    }

    private static WireFormat Of(string items) =>
        WireFormat.Of(Protocols.Http("p", "/", new JsonLiteralTemplate("{}"), Protocols.Answer(Protocols.Path(items), null, null)));
}
