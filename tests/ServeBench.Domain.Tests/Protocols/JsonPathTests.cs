using ServeBench.Domain.Protocols;

namespace ServeBench.Domain.Tests.Protocols;

public class JsonPathTests
{
    [Fact]
    public void Splits_into_steps()
    {
        var path = JsonPath.TryParse("data[*].embedding[0]", out var problem);
        Assert.Equal("", problem);
        Assert.Equal([new JsonPathStep("data", null), new(null, null), new("embedding", null), new(null, 0)], path!.Steps);
    }

    [Fact]
    public void An_answer_that_is_itself_an_array_has_a_path() => Assert.Equal([new JsonPathStep(null, null)], JsonPath.TryParse("[*]", out _)!.Steps);

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("a[")]
    [InlineData("a[x]")]
    [InlineData("a[-1]")]
    public void What_is_no_path_is_refused_with_the_reason(string text)
    {
        Assert.Null(JsonPath.TryParse(text, out var problem));
        Assert.NotEqual("", problem);
    }
}
