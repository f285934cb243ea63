using ServeBench.Domain.Faults;

namespace ServeBench.Domain.Tests.Faults;

public class NearestNameTests
{
    [Theory]
    [InlineData("embedings", "embeddings")]
    [InlineData("EMBEDDINGS", "embeddings")]
    [InlineData("embed", "embeddings")]
    [InlineData("speach", "speech")]
    [InlineData("text-generation", null)]
    [InlineData("xyz", null)]
    public void Finds_what_was_probably_meant(string given, string? expected) =>
        Assert.Equal(expected, NearestName.Of(given, ["embeddings", "speech", "multimodal"]));

    [Fact]
    public void Swapped_neighbours_are_one_mistake() => Assert.Equal("quick", NearestName.Of("qucik", ["quick", "quartz"]));

    [Fact]
    public void The_remedy_names_the_nearest_and_the_known()
    {
        Assert.Equal("Did you mean quick? (known: quick, smoke)", NearestName.Remedy("qick", ["quick", "smoke"]));
        Assert.Equal("Known: quick, smoke", NearestName.Remedy("zzzzzz", ["quick", "smoke"]));
        Assert.Equal("", NearestName.Remedy("zzz", []));
    }
}
