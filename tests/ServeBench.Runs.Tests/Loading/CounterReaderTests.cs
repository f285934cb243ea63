using ServeBench.Runs.Loading;

namespace ServeBench.Runs.Tests.Loading;

public class CounterReaderTests
{
    private const string Text = """
        # HELP items_total Items.
        # TYPE items_total counter
        items_total 41
        items_total_created 99
        batches{model="a b",version="1"} 3
        batches{model="c"} 4.5 1700000000
        """;

    [Theory]
    [InlineData("items_total", 41.0)]
    [InlineData("batches", 7.5)]
    [InlineData("nothing", null)]
    [InlineData("items", null)]
    public void Series_of_a_metric_are_summed(string metric, double? sum) => Assert.Equal(sum, CounterReader.Sum(Text, metric));
}
