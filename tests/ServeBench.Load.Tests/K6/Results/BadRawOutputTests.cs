using ServeBench.Domain.Faults;
using ServeBench.Load.K6.Results;

namespace ServeBench.Load.Tests.K6.Results;

public sealed class BadRawOutputTests : IDisposable
{
    private const string Header = "metric_name,timestamp,metric_value,check,error_code,expected_response,scenario,status,extra_tags,metadata\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-k6-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Wherever it is cut off: in the compressed data, or between two whole lines.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void A_truncated_file_is_told_from_a_whole_one(double share)
    {
        var whole = File.ReadAllBytes(RecordedCase.File("closed-2.2.0.csv.gz"));
        var file = Write("cut.csv.gz", whole[..(int)(whole.Length * share)]);
        var failure = Assert.Throws<RunFailedException>(() => RawResult.Read(file));
        Assert.Contains("cut off", failure.Message, StringComparison.Ordinal);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.NotEqual("", failure.Remedy);
    }

    [Fact]
    public void A_plain_file_that_ends_in_the_middle_of_a_line_is_cut_off_too() =>
        Fails(Text("cut.csv", Header + "http_reqs,1795558759022025438,1.000000,,,true,measure,200,phase=measure,i=1\nhttp_reqs,17955587590"), "line 3 has 2 fields instead of 10");

    [Fact]
    public void Foreign_columns_are_named() =>
        Fails(Text("foreign.csv", "response-time,DNS+dialup,status-code\n0.1,0,200\n"), "lacks the columns metric_name, timestamp, metric_value and has response-time, DNS+dialup, status-code");

    [Fact]
    public void An_empty_file_is_said_to_be_empty() => Fails(Text("empty.csv", ""), "is empty");

    [Fact]
    public void A_value_that_is_no_number_names_its_line() =>
        Fails(Text("bad.csv", Header + "http_reqs,1795558759022025438,many,,,true,measure,200,phase=measure,i=1\n"), "line 2: 'many' is no number");

    [Fact]
    public void A_time_that_is_none_names_its_line() =>
        Fails(Text("bad.csv", Header + "http_reqs,yesterday,1,,,true,measure,200,phase=measure,i=1\n"), "line 2: 'yesterday' is no time");

    [Fact]
    public void A_script_that_was_not_generated_is_told() =>
        Fails(Text("other.csv", Header + "http_reqs,1795558759022025438,1,,,true,default,200,,\n"), "holds no iterations that a generated script has named");

    [Fact]
    public void A_file_that_is_not_there_is_told() => Fails(Path.Combine(_folder, "absent.csv"), "cannot be read");

    [Theory]
    [InlineData("1795558759", 1795558759000000000)]
    [InlineData("1795558759022", 1795558759022000000)]
    [InlineData("1795558759022025", 1795558759022025000)]
    [InlineData("1795558759022025438", 1795558759022025438)]
    [InlineData("2026-11-24T22:19:19Z", 1795558759000000000)]
    [InlineData("2026-11-24T22:19:19.022025438Z", 1795558759022025438)]
    public void Every_form_of_time_that_k6_writes_is_read(string text, long nanoseconds) => Assert.Equal(nanoseconds, K6Timestamp.Nanoseconds(text));

    [Fact]
    public void Quoted_fields_may_hold_commas_quotes_and_line_breaks()
    {
        using var text = new StringReader("a,\"b,\"\"c\"\"\nd\",e\nf,g,h\n");
        var fields = new List<string>();
        Assert.True(CsvLine.Read(text, fields));
        Assert.Equal(["a", "b,\"c\"\nd", "e"], fields);
        Assert.True(CsvLine.Read(text, fields));
        Assert.Equal(["f", "g", "h"], fields);
        Assert.False(CsvLine.Read(text, fields));
    }

    private static void Fails(string file, string problem) => Assert.Contains(problem, Assert.Throws<RunFailedException>(() => RawResult.Read(file)).Message, StringComparison.Ordinal);

    private string Text(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
