using ServeBench.Runs.Counters;

namespace ServeBench.Runs.Tests.Counters;

public class CounterReaderTests
{
    private const string Text = """
        # HELP items_total Items.
        # TYPE items_total counter
        items_total 41
        items_total_created 99
        batches{model="a b",version="1"} 3
        batches{model="c"} 4.5 1700000000
        my_runtime_info{name="A Runtime",version="1.21.0"} 1
        cut_off{name="A Runt
        """;

    [Theory]
    [InlineData("my_runtime_info", "name", "A Runtime")]
    [InlineData("my_runtime_info", "version", "1.21.0")]
    [InlineData("my_runtime_info", "ersion", null)]
    [InlineData("my_runtime", "name", null)]
    [InlineData("items_total", "name", null)]
    [InlineData("cut_off", "name", null)]
    public void A_label_of_a_metric_is_read(string metric, string label, string? value) => Assert.Equal(value, CounterReader.Label(Text, metric, label));

    [Theory]
    [InlineData("items_total", 41.0)]
    [InlineData("batches", 7.5)]
    [InlineData("nothing", null)]
    [InlineData("items", null)]
    [InlineData("cut_off", null)]
    public void Series_of_a_metric_are_summed(string metric, double? sum) => Assert.Equal(sum, CounterReader.Sum(Text, metric));
}
