using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Tests.Importing;

/// <summary>One small file of each format: what is there is read, what is not is said to be missing, failures are no successes.</summary>
public sealed class FormatTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hey_keeps_failed_answers_apart()
    {
        var record = _folder.Text(Samples.Hey);
        Assert.Equal(("hey, CSV", 40L, 20L), (record.Source, record.Requests, record.Failures));
        Assert.Equal(20, record.FailureKinds!["HTTP 503"]);
        Assert.Equal(20, record.RequestsPerSecond!.Value, 6);
        Assert.Equal(0.050, record.Service!.P50!.Value, 9);
    }

    [Fact]
    public void Hey_with_six_columns_tells_latencies_only()
    {
        var record = _folder.Text(Samples.HeyOld);
        Assert.Equal((100L, null, null), (record.Requests, record.Failures, record.RequestsPerSecond));
        Assert.Equal(0.0505, record.Service!.P50!.Value, 9);
        Why(record, "failures", "does not write statuses");
        Why(record, "requests per second", "does not write when requests were sent");
    }

    [Fact]
    public void Heys_printed_summary_is_read()
    {
        var record = _folder.Text(Samples.HeyText);
        Assert.Equal((104L, 14L, 45.0), (record.Requests, record.Failures, record.RequestsPerSecond));
        Assert.Equal((10L, 4L), (record.FailureKinds!["HTTP 503"], record.FailureKinds["connection refused"]));
        Assert.Equal(0.02, record.Service!.P50);
    }

    [Fact]
    public void Locust_with_three_percentiles_has_those()
    {
        var record = _folder.Text($"{Samples.LocustHeading},50%,95%,99%\n,Aggregated,1000,0,21,22.1,20,90,221,98.5,0,21,31,80\n");
        Assert.Equal((0.021, null, 0.031, 0.080, null), (record.Service!.P50, record.Service.P90, record.Service.P95, record.Service.P99, record.Service.P999));
        Why(record, "p90", "the file does not have it");
    }

    [Fact]
    public void Locust_1_0_quotes_its_heading()
    {
        var record = _folder.Text(Samples.Locust1);
        Assert.Equal((1000L, 5L, 0.081, 0.300, 0.330), (record.Requests, record.Failures, record.Service!.P50, record.Service.P90, record.Service.P95));
    }

    [Theory]
    [InlineData("0,0,0,0.0,0,0,0,0.0,0.0,N/A,N/A,N/A")]
    [InlineData("N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A")]
    public void Locust_without_requests_is_said_to_hold_none(string line) =>
        Assert.Contains("holds no requests", Assert.Throws<RunFailedException>(() => _folder.Text($"{Samples.LocustHeading},50%,95%,99%\n,Aggregated,{line}\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Locust_before_1_0_is_read()
    {
        const string Heading = "\"Method\",\"Name\",\"# requests\",\"# failures\",\"Median response time\",\"Average response time\",\"Min response time\",\"Max response time\",\"Average Content Size\",\"Requests/s\"\n";
        var record = _folder.Text(Heading + "\"GET\",\"/\",100,20,30,31,1,90,10,50.00\n\"None\",\"Total\",100,20,30,31,1,90,10,50.00\n");
        Assert.Equal((100L, 20L, 40.0, 0.030), (record.Requests, record.Failures, record.RequestsPerSecond, record.Service!.P50));
    }

    [Fact]
    public void Locusts_history_tells_the_rate_of_successes()
    {
        var record = _folder.Text(Samples.LocustHistory);
        Assert.Equal(("Locust, history", 1000L, 200L, 40.0, 0.020), (record.Source, record.Requests, record.Failures, record.RequestsPerSecond, record.Service!.P50));
        Assert.Null(record.Service.P95);
    }

    [Fact]
    public void Locusts_failures_tell_their_kinds()
    {
        var record = _folder.Text(Samples.LocustFailures);
        Assert.Equal((null, 15L, null), (record.Requests, record.Failures, record.RequestsPerSecond));
        Assert.Equal((12L, 3L), (record.FailureKinds!["HTTP 503"], record.FailureKinds["connection refused"]));
        Assert.Null(record.Service);
    }

    [Fact]
    public void Abs_percentages_are_read()
    {
        var record = _folder.Text(Samples.AbPercentages);
        Assert.Equal((null, 0.0505, 0.0905, 0.0995), (record.Requests, record.Service!.P50, record.Service.P90, record.Service.P99));
        Why(record, "failures", "percentages only");
    }

    [Fact]
    public void Wrk_counts_failed_statuses_apart()
    {
        var record = _folder.Text(Samples.Wrk);
        Assert.Equal((22464657L, 64657L, 22400000 / 30.0), (record.Requests, record.Failures, record.RequestsPerSecond));
        Assert.Equal((0.00025, 0.0007, 0.0058), (record.Service!.P50, record.Service.P90, record.Service.P99));
        Why(record, "p95", "the file does not have it");
    }

    [Fact]
    public void Wrk2_tells_latency_from_the_schedule_and_from_the_send()
    {
        var record = _folder.Text(Samples.Wrk2);
        Assert.Equal((60023L, 5L, 60018 / 30.0), (record.Requests, record.Failures, record.RequestsPerSecond));
        Assert.Equal((0.00667, 0.01118, 0.0123), (record.EndToEnd!.P50, record.EndToEnd.P99, record.EndToEnd.P999));
        Assert.Equal(0.0012, record.Service!.P50!.Value, 9);
        Assert.Equal(0.0021, record.Service.P99!.Value, 9);
    }

    [Fact]
    public void Wrks_timeouts_leave_the_rate_unknown()
    {
        var record = _folder.Text(Samples.Wrk2.Replace("timeout 0", "timeout 7", StringComparison.Ordinal));
        Assert.Null(record.RequestsPerSecond);
        Assert.Equal(7, record.FailureKinds!["timeout"]);
        Why(record, "requests per second", "7 that timed out");
    }

    [Theory]
    [InlineData("json", "timeout")]
    [InlineData("csv", "HTTP 503")]
    public void Vegetas_results_are_read(string form, string kind)
    {
        var record = _folder.Text(form == "json" ? Samples.VegetaJson : Samples.VegetaCsv);
        Assert.Equal(("vegeta, results", 40L, 10L, 10L), (record.Source, record.Requests, record.Failures, record.FailureKinds![kind]));
        Assert.Equal(30 / (39 * 0.05 + 0.001), record.RequestsPerSecond!.Value, 1.0);
        Assert.Equal(0.050, record.Service!.P50!.Value, 9);
    }

    [Fact]
    public void Vegetas_reports_are_read()
    {
        var json = _folder.Text(Samples.VegetaReport);
        Assert.Equal((100L, 10L, 90.0, 0.002854306), (json.Requests, json.Failures, json.RequestsPerSecond, json.Service!.P50));
        Assert.Equal((8L, 2L), (json.FailureKinds!["HTTP 503"], json.FailureKinds["no answer"]));
        var text = _folder.Text(Samples.VegetaText);
        Assert.Equal((4564L, 17L, 75.24, 0.665943, 1.036), (text.Requests, text.Failures, text.RequestsPerSecond, text.Service!.P50, text.Service.P95));
        var old = _folder.Text(Samples.VegetaText.Replace("rate, throughput]         4564, 76.05, 75.24", "rate]  4564, 76.05", StringComparison.Ordinal));
        Assert.Equal(4547 / 60.43, old.RequestsPerSecond!.Value, 6);
    }

    [Fact]
    public void Ohas_summary_and_rows_are_read()
    {
        var record = _folder.Text(Samples.Oha);
        Assert.Equal((102L, 12L, 45.0, 0.02), (record.Requests, record.Failures, record.RequestsPerSecond, record.Service!.P50));
        Assert.Equal((10L, 2L), (record.FailureKinds!["HTTP 500"], record.FailureKinds["connection refused"]));
        Assert.Contains(record.Remarks, r => r.StartsWith("not counted: 4 requests under way", StringComparison.Ordinal));
        var rows = _folder.Text(Samples.OhaCsv);
        Assert.Equal((40L, 20L, 20.0), (rows.Requests, rows.Failures, Math.Round(rows.RequestsPerSecond!.Value, 6)));
        Assert.Equal(0.05, rows.Service!.P50!.Value, 9);
    }

    [Fact]
    public void The_fields_tools_for_language_models_are_read()
    {
        var vllm = _folder.Text(Samples.Vllm);
        Assert.Equal((210L, 10L, 20.0, 0.050, 0.060, null), (vllm.Requests, vllm.Failures, vllm.RequestsPerSecond, vllm.Service!.P50, vllm.Service.P90, vllm.Service.P99));
        Why(vllm, "p99", "200 samples are too few: 662 are needed");
        var guide = _folder.Text(Samples.GuideLlm);
        Assert.Equal((1005L, 5L, 33.3, 0.45, 0.95, null), (guide.Requests, guide.Failures, guide.RequestsPerSecond, guide.Service!.P50, guide.Service.P99, guide.Service.P999));
        var aiperf = _folder.Text(Samples.AiPerf);
        Assert.Equal((705L, 5L, 12.5, 0.075, 0.099), (aiperf.Requests, aiperf.Failures, aiperf.RequestsPerSecond, aiperf.Service!.P50, aiperf.Service.P99));
        Assert.Equal((3L, 2L), (aiperf.FailureKinds!["HTTP 503"], aiperf.FailureKinds["timeout"]));
        var rows = _folder.Text(Samples.AiPerfRecords);
        Assert.Equal((40L, 10L, 15.0), (rows.Requests, rows.Failures, rows.RequestsPerSecond));
    }

    [Fact]
    public void K6s_old_columns_and_grpc_are_read()
    {
        var csv = _folder.Text(Samples.K6Csv);
        Assert.Equal(("k6, raw CSV", 60L, 20L, 20L), (csv.Source, csv.Requests, csv.Failures, csv.FailureKinds!["HTTP 503"]));
        Assert.Equal(0.050, csv.Service!.P50!.Value, 9);
        var grpc = _folder.Text(Samples.K6Grpc);
        Assert.Equal((40L, 10L, 10L), (grpc.Requests, grpc.Failures, grpc.FailureKinds!["gRPC 14"]));
        Assert.Equal(0.050, grpc.Service!.P50!.Value, 9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void K6s_summaries_of_either_shape_keep_good_answers_apart(bool machine)
    {
        var record = _folder.Text(machine ? Samples.K6Machine : Samples.K6Handled);
        Assert.Equal(("k6, summary", 200L, 50L, 15.0), (record.Source, record.Requests, record.Failures, record.RequestsPerSecond));
        Assert.Equal((0.050, 0.065, 0.075), (record.Service!.P50, record.Service.P90, record.Service.P95));
        Why(record, "p99", "the file does not have it");
    }

    /// <summary>Every sample in the encodings in which shells and editors leave files.</summary>
    [Fact]
    [Lane("slow")]
    public void Marks_line_ends_and_compression_change_nothing()
    {
        foreach (var (name, text) in Samples.All)
        {
            var plain = _folder.Import(_folder.Write(name, text));
            byte[][] others =
            [
                [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)],
                [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
                Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n") + "\r\n\r\n"),
                ImportFolder.Gzip(text),
                [.. ImportFolder.Gzip(text[..(text.Length / 2)]), .. ImportFolder.Gzip(""), .. ImportFolder.Gzip(text[(text.Length / 2)..]), 0, 0, 0],
            ];
            for (var i = 0; i < others.Length; i++)
            {
                if (i == 1 && name.StartsWith("k6.", StringComparison.Ordinal)) continue; // k6 writes its files itself
                var other = _folder.Import(_folder.Write(name, others[i]));
                Assert.True((plain.Requests, plain.Failures, plain.RequestsPerSecond, plain.Service, plain.EndToEnd) == (other.Requests, other.Failures, other.RequestsPerSecond, other.Service, other.EndToEnd), $"{name}, form {i}");
            }
        }
    }

    [Fact]
    public void Samples_are_each_of_one_format()
    {
        foreach (var (name, text) in Samples.All)
        {
            var file = new Runs.Importing.ImportFile(_folder.Write(name, text));
            Assert.True(Runs.Importing.ImportReaders.All.Count(r => r.Recognises(file)) == 1, name);
        }
    }

    /// <summary>Found by the fuzz: digits of other scripts, and numbers that come to no rate.</summary>
    [Fact]
    public void What_cannot_be_is_refused_or_not_measured()
    {
        Assert.Equal(0.0123, _folder.Text(Samples.Wrk2.Replace("100.000%", "100.0\u0c6c0%", StringComparison.Ordinal)).EndToEnd!.P999!.Value, 9);
        foreach (var text in new[] { Samples.Vllm.Replace("\"duration\": 10.0", "\"duration\": 1e-320", StringComparison.Ordinal), Samples.K6Handled.Replace("\"rate\": 20", "\"rate\": -1e308", StringComparison.Ordinal) })
        {
            var record = _folder.Text(text);
            Assert.Null(record.RequestsPerSecond);
            Why(record, "requests per second", "none that can be");
        }
    }

    [Fact]
    public void Members_of_a_compressed_file_are_all_read_and_a_missing_end_is_told()
    {
        var heading = Samples.K6Csv[..(Samples.K6Csv.IndexOf('\n', StringComparison.Ordinal) + 1)];
        byte[] both = [.. ImportFolder.Gzip(Samples.K6Csv), .. ImportFolder.Gzip(heading + Samples.K6Csv[heading.Length..].Replace("1767225", "1767226", StringComparison.Ordinal))];
        Assert.Equal(120, _folder.Import(_folder.Write("both.csv.gz", both)).Requests);
        foreach (var cut in new[] { 1, 4, 8, 9, 50, both.Length / 2 - 4, both.Length / 2 + 40 })
        {
            var failure = Assert.Throws<RunFailedException>(() => _folder.Import(_folder.Write("cut.csv.gz", both[..^cut])));
            Assert.Contains(cut < both.Length / 2 - 40 ? "cut" : "", failure.Message, StringComparison.Ordinal);
        }
        var damaged = both.ToArray();
        damaged[60] ^= 0x10;
        Assert.Throws<RunFailedException>(() => _folder.Import(_folder.Write("damaged.csv.gz", damaged)));
    }

    [Fact]
    public void Names_that_differ_in_any_character_are_two_records()
    {
        string[] names = ["a/b", "a b", "a-b", "a_b", "A-b", "日本", "日木", "é", "e\u0301", "..", "con", new string('x', 300), new string('x', 301)];
        foreach (var name in names) Assert.Null(_folder.ImportAs(name, _folder.Write("r.csv", Samples.Hey)).Replaced);
        Assert.Equal(names.Order(StringComparer.Ordinal), _folder.Run.ReadImported().Select(r => r.Case).Order(StringComparer.Ordinal));
        Assert.NotNull(_folder.ImportAs("a b", _folder.Write("r.csv", Samples.HeyOld)).Replaced);
        Assert.Equal(names.Length, _folder.Run.ReadImported().Count);
        Assert.Contains("name", Assert.Throws<FaultException>(() => _folder.ImportAs("a\nb", _folder.Write("r.csv", Samples.Hey))).Faults[0].Problem, StringComparison.Ordinal);
    }

    /// <summary>Addresses with passwords are in what tools print of errors, and in their columns.</summary>
    [Fact]
    public void No_secret_of_a_file_is_kept_or_said()
    {
        foreach (var (name, text) in Samples.All) _folder.ImportAs(name, _folder.Write("r", text));
        File.Delete(Path.Combine(_folder.Path, "r"));
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("pl4nted", File.ReadAllText(file), StringComparison.Ordinal);
        foreach (var text in new[] { "GET http://user:pl4nted@host/x", "Authorization: Bearer pl4nted00", "{\"token\": \"pl4nted\"}", "response-time,DNS+dialup,offset\nhttp://user:pl4nted@h,1,1\n" })
        {
            var failure = Record.Exception(() => _folder.Text(text));
            var said = failure is FaultException faults ? string.Join('\n', faults.Faults) : failure!.Message;
            Assert.DoesNotContain("pl4nted", said, StringComparison.Ordinal);
        }
    }

    private static void Why(ImportedRecord record, string what, string why) =>
        Assert.Contains(why, Assert.Single(record.NotMeasured, n => n.What == what).Why, StringComparison.Ordinal);
}
