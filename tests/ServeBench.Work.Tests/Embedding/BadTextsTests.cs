using ServeBench.Work.Embedding;

namespace ServeBench.Work.Tests.Embedding;

public class BadTextsTests
{
    [Fact]
    public void Bad_items_stand_alone_and_between_good_ones()
    {
        var bad = BadTexts.Between("first", "second");
        Assert.Equal(["an empty text", "a number in the place of a text"], bad.Select(b => b.Shown));
        Assert.Equal(["[\"\"]", "[5]"], bad.Select(b => b.Alone.Values["texts"].ToJsonString()));
        Assert.Equal(["[\"first\",\"\",\"second\"]", "[\"first\",5,\"second\"]"], bad.Select(b => b.Among.Values["texts"].ToJsonString()));
        Assert.Equal(["\"\"", "5"], bad.Select(b => b.Alone.Values["text"].ToJsonString()));
        // A protocol of one text a request has no place for several.
        Assert.All(bad, b => Assert.False(b.Among.Values.ContainsKey("text")));
        Assert.All(bad, b => Assert.Equal((1, 3), (b.Alone.Items, b.Among.Items)));
    }
}
