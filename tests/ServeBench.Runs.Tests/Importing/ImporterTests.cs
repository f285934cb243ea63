using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Runs.Importing;

namespace ServeBench.Runs.Tests.Importing;

/// <summary>Files that the tools themselves have written (tests/ServeBench.Load.Tests/K6/Recorded says how), and a few that are broken.</summary>
public sealed class ImporterTests : IDisposable
{
    private const string Locust = """
        Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%
        POST,/v1/embeddings,1000,10,21,22.1,20.0,90.5,221.0,98.5,0.985,21,21,22,22,25,31,55,80,90,90,90
        ,Aggregated,1000,10,21,22.1,20.0,90.5,221.0,98.5,0.985,21,21,22,22,25,31,55,80,90,90,90

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("closed-1.8.1.csv.gz")]
    [InlineData("closed-2.2.0.csv.gz")]
    public void Raw_output_of_a_generated_script_is_its_measured_window(string file)
    {
        var record = Import(Recorded(file));
        Assert.Equal("k6, raw CSV", record.Source);
        Assert.InRange(record.Requests!.Value, 80, 100);
        Assert.InRange(record.WindowSeconds!.Value, 0.9, 1.1);
        Assert.Equal(record.Requests!.Value / record.WindowSeconds!.Value, record.RequestsPerSecond!.Value, 5);
        Assert.Equal(0, record.Failures);
        Assert.InRange(record.Service!.P50!.Value, 0.020, 0.025);
        Assert.NotNull(record.Service.P90);
        Assert.Null(record.Service.P99); // 662 samples would be needed
        Assert.Null(record.EndToEnd);
    }

    [Fact]
    public void Whole_seconds_tell_latencies_and_no_rate()
    {
        var record = Import(Recorded("plain-2.2.0.csv.gz"));
        Assert.InRange(record.Service!.P50!.Value, 0.020, 0.025);
        Assert.Null(record.RequestsPerSecond);
        Assert.Contains(record.NotMeasured, n => n.Why.Contains("whole seconds", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("points-1.8.1.json.gz")]
    [InlineData("points-2.2.0.json.gz")]
    public void Points_are_read_like_rows(string file)
    {
        var record = Import(Recorded(file));
        Assert.Equal("k6, raw JSON", record.Source);
        Assert.InRange(record.Requests!.Value, 80, 100);
        Assert.InRange(record.RequestsPerSecond!.Value, 80, 100);
        Assert.Equal(0, record.Failures);
    }

    [Theory]
    [InlineData("closed-1.8.1.summary.json")]
    [InlineData("closed-2.2.0.summary.json")]
    public void A_summary_tells_what_k6_has_computed(string file)
    {
        var record = Import(Recorded(file));
        Assert.Equal("k6, summary", record.Source);
        Assert.InRange(record.Requests!.Value, 80, 100);
        Assert.InRange(record.Service!.P50!.Value, 0.020, 0.025);
        Assert.Null(record.RequestsPerSecond);
        Assert.Equal(0, record.Failures);
    }

    [Fact]
    public void An_open_loop_has_latency_from_its_schedule_and_its_drops()
    {
        Assert.InRange(Import(Recorded("constant-2.2.0.csv.gz")).EndToEnd!.P50!.Value, 0.020, 0.060);
        Assert.InRange(Import(Recorded("dropped-2.2.0.csv.gz")).Dropped!.Value, 10, 60);
    }

    [Fact]
    public void Runners_are_pooled_over_the_time_that_they_shared()
    {
        string[] files = [Recorded("runner-1-2.2.0.csv.gz"), Recorded("runner-2-2.2.0.csv.gz")];
        var (first, second, both) = (Import(files[0]), Import(files[1]), Import(files));
        Assert.True(both.Requests < first.Requests + second.Requests, "what one did alone does not count");
        Assert.True(both.WindowSeconds < first.WindowSeconds);
        Assert.Equal(first.RequestsPerSecond!.Value + second.RequestsPerSecond!.Value, both.RequestsPerSecond!.Value, 8.0);
        Assert.Equal(2, both.Files.Count);
        Assert.Contains(both.Remarks, r => r.StartsWith("2 runners", StringComparison.Ordinal));
    }

    [Fact]
    public void Runners_that_never_met_are_no_one_load()
    {
        var failure = Assert.Throws<RunFailedException>(() => Import(Recorded("closed-1.8.1.csv.gz"), Recorded("closed-2.2.0.csv.gz")));
        Assert.Contains("never loaded at the same time", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hey_tells_a_rate_and_which_answers_failed()
    {
        var record = Import(Recorded("hey.csv"));
        Assert.Equal(("hey, CSV", 60), (record.Source, record.Requests));
        Assert.InRange(record.RequestsPerSecond!.Value, 80, 100);
        Assert.InRange(record.Service!.P50!.Value, 0.020, 0.025);
        Assert.Equal(0, record.Failures);
    }

    [Fact]
    public void Ab_tells_latencies_to_the_millisecond_only()
    {
        var record = Import(Recorded("ab.tsv"));
        Assert.Equal(("ab, gnuplot", 60), (record.Source, record.Requests));
        Assert.Equal(0.020, record.Service!.P50!.Value, 3);
        Assert.Null(record.RequestsPerSecond);
        Assert.Null(record.Failures);
    }

    [Fact]
    public void Locust_tells_what_it_has_computed()
    {
        var record = Import(Write("stats.csv", Locust));
        Assert.Equal(("Locust, statistics", 1000, 10L), (record.Source, record.Requests, record.Failures));
        Assert.Equal(98.5 - 0.985, record.RequestsPerSecond!.Value, 9);
        Assert.Equal((0.021, 0.031, 0.080), (record.Service!.P50, record.Service.P95, record.Service.P99));
        Assert.Null(record.Service.P999); // 6,636 samples would be needed
    }

    [Fact]
    public void What_was_imported_lies_in_the_run_without_the_path_it_came_from()
    {
        Import(Recorded("hey.csv"));
        var record = Assert.Single(new RunFolder(_folder).ReadImported());
        Assert.Equal(("a/case", "hey.csv"), (record.Case, record.Files[0].Name));
        Assert.DoesNotContain(Path.GetDirectoryName(Recorded("hey.csv"))!, File.ReadAllText(Path.Combine(_folder, "imported", "a_2fcase.json")), StringComparison.Ordinal);
        Import(Recorded("ab.tsv"));
        Assert.Single(new RunFolder(_folder).ReadImported());
    }

    [Fact]
    public void A_foreign_file_is_refused_with_the_formats_that_are_known()
    {
        var failure = Assert.Throws<FaultException>(() => Import(Write("x.csv", "timestamp,latency\n1,2\n")));
        Assert.Contains("it begins with 'timestamp,latency'", failure.Faults[0].Problem, StringComparison.Ordinal);
        Assert.Contains("hey -o csv", failure.Faults[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("there is no file", Assert.Throws<FaultException>(() => Import(Path.Combine(_folder, "absent"))).Faults[0].Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab.tsv", "starttime\tseconds\tctime\tdtime\n1\t1\t1\t1\n", "lacks the columns ttime")]
    [InlineData("hey.csv", "response-time,DNS+dialup,offset\n0.1,0\n", "line 2 has 2 fields instead of 3")]
    [InlineData("hey.csv", "response-time,DNS+dialup,offset\nfast,0,0\n", "line 2: 'fast' in column response-time is no number")]
    [InlineData("stats.csv", "Type,Name,Request Count\nPOST,/x,1\n", "has no line named Aggregated")]
    [InlineData("k6.json", "{\"root_group\":{}}", "is no summary of k6's")]
    [InlineData("k6.json", "{\"type\":\"Metric\",\"metric\":\"x\"}\n{\"type\":\"Poi", "line 2 is no point of k6's")]
    public void A_broken_file_is_told_by_its_line(string name, string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<RunFailedException>(() => Import(Write(name, text))).Message, StringComparison.Ordinal);

    private ImportedRecord Import(params string[] files) => Importer.Import(new RunFolder(_folder), files, "a/case", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).Record;

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static string Recorded(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ServeBench.slnx"))) root = root.Parent;
        return Path.Combine(root.FullName, "tests", "ServeBench.Load.Tests", "K6", "Recorded", name);
    }
}
