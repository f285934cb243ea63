using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;

namespace ServeBench.Load.Tests.Answers;

public sealed class BodyMatcherTests
{
    [Theory]
    [InlineData("""{"status":"Healthy"}""", "status", "Healthy", true)]
    [InlineData("""{"status":"Unhealthy"}""", "status", "Healthy", false)]
    [InlineData("""{ "a": { "status": "Healthy" } }""", "status", "Healthy", false)]
    [InlineData("""{"status":"Health\u0079"}""", "status", "Healthy", true)]
    [InlineData("""{"code":503}""", "code", "503", true)]
    [InlineData("""{"ready":true}""", "ready", "true", true)]
    [InlineData("""{"models":[{"state":"LOADING"},{"state":"AVAILABLE"}]}""", "models[1].state", "AVAILABLE", true)]
    [InlineData("""{"models":[{"state":"LOADING"},{"state":"AVAILABLE"}]}""", "models[*].state", "AVAILABLE", false)]
    [InlineData("""{"error":null}""", "error", null, false)]
    [InlineData("""{"error":{}}""", "error", null, true)]
    [InlineData("""[{"error":"x"}]""", "[0].error", null, true)]
    [InlineData("""{"error":"x","rest":NaN}""", "error", null, true)] // some servers write what is no JSON
    [InlineData("""{"other":NaN,"error":"x"}""", "error", null, false)]
    [InlineData("""{"error":"x","rest":[1,2""", "error", null, true)] // only the beginning is looked at
    [InlineData("""{"error":{"message":"x","rest":[1,2""", "error", null, true)]
    [InlineData("not \"error\" json", "error", null, false)]
    [InlineData("", "error", null, false)]
    public void A_path_yields_what_it_is_compared_with(string body, string path, string? value, bool fits) =>
        Assert.Equal(fits, Fits(body, new BodyCondition(JsonPath.TryParse(path, out _), value, [], [])));

    [Theory]
    [InlineData("the queue is full", "queue|no room", "", true)]
    [InlineData("no room", "queue|no room", "", true)]
    [InlineData("room", "queue|no room", "", false)]
    [InlineData("ready", "", "loading", true)]
    [InlineData("ready, loading", "ready", "loading", false)]
    public void Text_is_looked_for_in_the_body(string body, string text, string without, bool fits) =>
        Assert.Equal(fits, Fits(body, new BodyCondition(null, null, Split(text), Split(without))));

    [Fact]
    public void Text_is_looked_for_in_the_path_s_value_where_there_is_a_path()
    {
        var condition = new BodyCondition(JsonPath.TryParse("error.message", out _), null, ["queue"], []);
        Assert.True(Fits("""{"error":{"message":"the queue is full"}}""", condition));
        Assert.False(Fits("""{"error":{"message":"no"},"queue":1}""", condition));
        Assert.True(Fits("""{"error":{"message":{"about":"queue"}}}""", condition));
    }

    private static bool Fits(string body, BodyCondition condition) => new BodyMatcher(condition).Fits(System.Text.Encoding.UTF8.GetBytes(body));

    private static string[] Split(string texts) => texts.Split('|', StringSplitOptions.RemoveEmptyEntries);
}
