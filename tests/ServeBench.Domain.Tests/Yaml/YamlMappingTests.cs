using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Tests.Yaml;

public class YamlMappingTests
{
    private readonly FaultList _faults = [];

    private YamlMapping Parse(string text) => YamlFile.Parse(text, "f.yaml", _faults)!;

    [Fact]
    public void Reads_what_is_there_with_its_type()
    {
        var map = Parse("""
            text: hello
            quoted: "12"
            whole: 12
            number: 1.5
            flag: true
            time: 250ms
            list: [a, b]
            numbers: [1, 2]
            inner: { key: value }
            """);
        Assert.Equal("hello", map.Text("text"));
        Assert.Equal("12", map.Text("quoted"));
        Assert.Equal(12, map.Integer("whole", 0, 100));
        Assert.Equal(1.5, map.Number("number", 0, 2));
        Assert.True(map.Flag("flag", false));
        Assert.Equal(TimeSpan.FromMilliseconds(250), map.Duration("time", TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Equal(["a", "b"], map.Texts("list"));
        Assert.Equal([1, 2], map.Integers("numbers", 0, 9));
        Assert.Equal("value", map.Mapping("inner").Text("key"));
        map.Done();
        Assert.Empty(_faults);
    }

    [Fact]
    public void An_unknown_key_is_a_fault_with_line_and_nearest()
    {
        var map = Parse("name: x\ntitel: y\n");
        map.Text("name");
        map.OptionalText("title");
        map.Done();
        var fault = Assert.Single(_faults);
        Assert.Equal(2, fault.Line);
        Assert.Equal("titel", fault.Key);
        Assert.Contains("Did you mean title?", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_a_file_is_found_in_one_pass()
    {
        var map = Parse("whole: many\nflag: perhaps\ntime: 5 seconds\nlist: one\ninner: 3\n");
        map.Text("name");
        map.Integer("whole", 1, 9);
        map.Flag("flag", false);
        map.Duration("time", TimeSpan.Zero, TimeSpan.MaxValue);
        map.Texts("list");
        map.Mapping("inner").Text("key");
        map.Done();
        Assert.Equal(["name", "whole", "flag", "time", "list", "inner"], _faults.Select(f => f.Key));
        Assert.Equal([1, 1, 2, 3, 4, 5], _faults.Select(f => f.Line));
    }

    [Theory]
    [InlineData("v: 12", "12 is not text")]
    [InlineData("v: true", "true is not text")]
    [InlineData("v: ''", "the value is empty")]
    [InlineData("v: [a]", "this must be a single value")]
    public void What_is_not_text_is_refused(string yaml, string problem)
    {
        Parse(yaml).Text("v");
        Assert.Equal(problem, Assert.Single(_faults).Problem);
    }

    [Theory]
    [InlineData("v: 0")]
    [InlineData("v: 10")]
    [InlineData("v: '5'")]
    [InlineData("v: 5.0")]
    [InlineData("v: 5e0")]
    public void A_whole_number_is_plain_and_within_its_limits(string yaml)
    {
        Parse(yaml).Integer("v", 1, 9);
        Assert.Contains("from 1 to 9", Assert.Single(_faults).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_duplicate_key_is_a_fault()
    {
        Assert.Null(YamlFile.Parse("a: 1\nb: 2\na: 3\n", "f.yaml", _faults));
        Assert.Contains("Duplicate key", Assert.Single(_faults).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- a\n- b\n")]
    [InlineData("just text")]
    [InlineData("")]
    [InlineData("a: [1\n")]
    [InlineData("a: 1\n---\nb: 2\n")]
    public void A_file_that_is_not_one_mapping_is_a_fault(string yaml)
    {
        Assert.Null(YamlFile.Parse(yaml, "f.yaml", _faults));
        Assert.Single(_faults);
    }

    [Theory]
    [InlineData("0s", 0)]
    [InlineData("1500us", 0.0015)]
    [InlineData("250ms", 0.25)]
    [InlineData("1.5s", 1.5)]
    [InlineData("2m", 120)]
    [InlineData("1h", 3600)]
    public void Durations_are_read_and_written_alike(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 9);
        Assert.True(DurationText.TryParse(DurationText.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("s")]
    [InlineData("1e3s")]
    [InlineData("999999999999h")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));
}
