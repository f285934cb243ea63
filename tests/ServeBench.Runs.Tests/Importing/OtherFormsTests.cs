using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Tests.Importing;

/// <summary>Forms of the tools that are met beside the usual ones, and files as people, shells and spreadsheets leave them.</summary>
public sealed class OtherFormsTests : IDisposable
{
    private const string HeyHeading = "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n";

    private const string LocustHeading = $"{Samples.LocustHeading},50%,95%,99%\n";

    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ohas_printed_summary_is_read_in_whatever_unit()
    {
        var milliseconds = _folder.Text(Samples.OhaText);
        Assert.Equal(("oha, printed summary", 102L, 12L, 45.0), (milliseconds.Source, milliseconds.Requests, milliseconds.Failures, milliseconds.RequestsPerSecond));
        Assert.Equal((10L, 2L), (milliseconds.FailureKinds!["HTTP 500"], milliseconds.FailureKinds["connection refused"]));
        Assert.Equal(0.020, milliseconds.Service!.P50!.Value, 9);
        Assert.Equal(0.040, milliseconds.Service.P90!.Value, 9);
        Assert.Contains(milliseconds.Remarks, r => r == "not counted: 4 requests under way when oha's time was up");
        var seconds = _folder.Text(Samples.OhaText.Replace(" ms", " secs", StringComparison.Ordinal).Replace("Response time distribution", "Latency distribution", StringComparison.Ordinal));
        Assert.Equal((20.0, 2000.0), (seconds.Service!.P50, seconds.WindowSeconds));
        var apart = _folder.Text(Samples.OhaText.Replace("\nDetails", "\nResponse time distribution (2xx only):\n  50.00% in 21.0000 ms\n\nResponse time distribution (4xx + 5xx only):\n  50.00% in 1.0000 ms\n\nDetails", StringComparison.Ordinal));
        Assert.Equal(0.021, apart.Service!.P50!.Value, 9);
    }

    [Fact]
    public void K6s_printed_summary_is_read_of_new_and_old_versions()
    {
        var now = _folder.Text(Samples.K6Text);
        Assert.Equal(("k6, printed summary", 61L, 10L), (now.Source, now.Requests, now.Failures));
        Assert.Equal(236.939355 * 51 / 61, now.RequestsPerSecond!.Value, 6);
        Assert.Equal(0.01071, now.Service!.P50!.Value, 9);
        var old = _folder.Text(Samples.K6Text.Replace("16.39% 10 out of 61", "16.39% ✓ 10       ✗ 51 ", StringComparison.Ordinal));
        Assert.Equal((61L, 10L, now.Service), (old.Requests, old.Failures, old.Service));
        var parts = _folder.Text(Samples.K6Text + "\n  █ GROUP: a\n" + Samples.K6Text[Samples.K6Text.IndexOf("    http_req_duration", StringComparison.Ordinal)..]);
        Assert.Equal((61L, 10L), (parts.Requests, parts.Failures));
        var before = _folder.Text(string.Join('\n', Samples.K6Text.Split('\n').Where(l => !l.Contains("http_req_failed", StringComparison.Ordinal))));
        Assert.Equal((61L, null, null), (before.Requests, before.Failures, before.RequestsPerSecond));
        Why(before, "failures", "no line http_req_failed");
    }

    [Fact]
    public void Vegetas_other_reports_tell_what_is_in_them()
    {
        var plot = _folder.Text(Samples.VegetaPlot);
        Assert.Equal((1000L, null, null), (plot.Requests, plot.Failures, plot.RequestsPerSecond));
        Assert.Equal((0.000439249, 0.000521709, 0.0008), (plot.Service!.P50, plot.Service.P95, plot.Service.P99));
        Why(plot, "failures", "those that failed are too");
        var steps = _folder.Text(Samples.VegetaSteps);
        Assert.Equal((8542L, null, null), (steps.Requests, steps.Failures, steps.Service));
        Why(steps, "latency", "--type=json");
    }

    /// <summary>vegeta dump, before encode: no sequence in JSON, six fields in CSV.</summary>
    [Fact]
    public void Vegetas_old_dumps_are_read()
    {
        var json = _folder.Text("""
            {"code":200,"timestamp":"2015-09-19T14:45:50.645818631+02:00","latency":2371194,"bytes_out":0,"bytes_in":6067,"error":""}
            {"code":0,"timestamp":"2015-09-19T14:45:50.745818631+02:00","latency":2371194,"bytes_out":0,"bytes_in":0,"error":"EOF"}
            """);
        var csv = _folder.Text("1442666750645818631,200,2371194,0,6067,\"\"\n1442666750745818631,0,2371194,0,0,\"EOF\"\n");
        foreach (var record in new[] { json, csv })
        {
            Assert.Equal((2L, 1L, 1L), (record.Requests, record.Failures, record.FailureKinds!["connection lost"]));
            Assert.Equal(1 / 0.102371194, record.RequestsPerSecond!.Value, 6);
        }
    }

    [Fact]
    public void Locusts_JSON_is_read_over_all_kinds_of_requests()
    {
        var record = _folder.Text(Samples.LocustJson);
        Assert.Equal(("Locust, JSON", 40L, 3L, 10.0), (record.Source, record.Requests, record.Failures, record.WindowSeconds));
        Assert.Equal((3.7, 0.020), (record.RequestsPerSecond, record.Service!.P50));
        Assert.Contains("holds no requests", Refused("""[{"name":"/","num_requests":0,"num_failures":0,"response_times":{}}]"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_of_AIPerf_are_read_with_thousands_parted_by_commas()
    {
        var record = _folder.Text(Samples.AiPerfTable);
        Assert.Equal(("AIPerf, table", 400L, null, 1.5), (record.Source, record.Requests, record.Failures, record.RequestsPerSecond));
        Assert.Equal((5.69023, 9.04658, 9.34956), (record.Service!.P50, record.Service.P90, record.Service.P95));
        Why(record, "failures", "successful requests only");
        Assert.Contains("has no number in column p50", Refused(Samples.AiPerfTable.Replace("5,690.23", "5,69.23", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void LlmPerfs_summary_is_read()
    {
        var record = _folder.Text(Samples.LlmPerf);
        Assert.Equal(("LLMPerf, summary", 104L, 4L, 0.6, 12.4), (record.Source, record.Requests, record.Failures, record.RequestsPerSecond, record.Service!.P50));
        Why(record, "p95", "100 samples are too few");
    }

    [Fact]
    public void Write_errors_of_old_versions_of_ab_are_failures()
    {
        var record = _folder.Text(Samples.Ab.Replace("Non-2xx", "Write errors:           5\nNon-2xx", StringComparison.Ordinal));
        Assert.Equal((61L, 8L), (record.Failures, record.FailureKinds!["connection lost"]));
    }

    [Theory]
    [InlineData("hey.txt", "$ hey -n 100 http://127.0.0.1/\n50 requests done.\nAll requests done.\n\n")]
    [InlineData("wrk.txt", "+ wrk --latency http://h/\nwarming up\n")]
    [InlineData("wrk2.txt", "\n")]
    [InlineData("ab.txt", "$ ab -n 200 http://h/\n")]
    [InlineData("vegeta.txt", "Duration: 1s\nRate: 1\n")]
    [InlineData("oha.txt", "$ oha http://h/\n")]
    [InlineData("k6.txt", "     execution: local\n        script: s.js\n")]
    public void What_stands_before_a_printed_result_is_passed_over_and_so_are_colours(string name, string before)
    {
        var plain = _folder.Text(Samples.All[name]);
        var coloured = string.Join('\n', Samples.All[name].Split('\n').Select(l => l.Length > 2 ? $"\x1b[1;32m{l}\x1b[0m" : l));
        foreach (var text in new[] { before + Samples.All[name], coloured })
        {
            var record = _folder.Text(text);
            Assert.Equal((plain.Requests, plain.Failures, plain.RequestsPerSecond, plain.Service), (record.Requests, record.Failures, record.RequestsPerSecond, record.Service));
        }
    }

    /// <summary>One of the two would be lost without a word.</summary>
    [Fact]
    public void Two_results_in_one_file_are_refused()
    {
        foreach (var name in new[] { "hey.txt", "wrk.txt", "wrk2.txt", "ab.txt", "vegeta.txt", "oha.txt", "k6.txt", "vegeta-plot.txt", "vegeta-steps.txt", "vllm.json", "vegeta-report.json", "oha.json", "aiperf.json" })
            Assert.Contains("several results, one after the other", Refused($"{Samples.All[name]}\n{Samples.All[name]}\n"), StringComparison.Ordinal);
        Assert.Contains("names 'completed' twice", Refused(Samples.Vllm.Replace("{", "{\"completed\": 3, ", StringComparison.Ordinal)), StringComparison.Ordinal);
        foreach (var name in new[] { "hey.csv", "hey-old.csv", "locust1.csv", "locust-history.csv", "locust-failures.csv", "oha.csv", "ab-percentages.csv" })
            Assert.Contains("several results, one after the other", Refused(Samples.All[name] + Samples.All[name]), StringComparison.Ordinal);
    }

    /// <summary>The times of failures, which some tools count in, are no latency of a success.</summary>
    [Fact]
    public void Where_no_request_succeeded_there_is_no_latency()
    {
        string[] texts =
        [
            $"{LocustHeading},Aggregated,1000,1000,21,22.1,20,90,221,98.5,98.5,21,31,80\n",
            Samples.VegetaText.Replace("200:4547  502:17", "502:4564", StringComparison.Ordinal).Replace("75.24", "0.00", StringComparison.Ordinal),
            Samples.Ab.Replace("Non-2xx responses:      50", "Non-2xx responses:      194", StringComparison.Ordinal),
            "\nSummary:\n  Total:\t2.0 secs\n  Requests/sec:\t0.0\n\nStatus code distribution:\n\nError distribution:\n  [4]\tGet: connection refused\n",
            """{"duration": 10.0, "completed": 0, "failed": 5, "request_throughput": 0.0}""",
            """{"summary":{"total":2.0,"requestsPerSec":0.0},"latencyPercentiles":{"p50":null},"statusCodeDistribution":{},"errorDistribution":{"connection refused":4}}""",
        ];
        foreach (var text in texts)
        {
            var record = _folder.Text(text);
            Assert.Equal((record.Requests, 0.0, null), (record.Failures, record.RequestsPerSecond, record.Service));
            Why(record, "latency", "no request succeeded");
        }
    }

    [Fact]
    public void A_heading_in_quotes_or_with_blanks_is_the_same_heading()
    {
        var quoted = string.Join('\n', Samples.Hey.TrimEnd('\n').Split('\n').Select(l => $"\"{l.Replace(",", "\",\"", StringComparison.Ordinal)}\"")) + "\n";
        foreach (var text in new[] { quoted, Samples.Hey.Replace(",", ", ", StringComparison.Ordinal) })
            Assert.Equal((40L, 20L), (_folder.Text(text).Requests, _folder.Text(text).Failures));
        Assert.Equal(1, _folder.Text("\"metric_name\",\"timestamp\",\"metric_value\",\"status\"\n\"http_req_duration\",\"1767225600\",\"5\",\"200\"\n").Requests);
    }

    [Fact]
    public void A_compressed_file_with_nothing_in_it_is_empty() =>
        Assert.Contains("is empty", Assert.Throws<FaultException>(() => _folder.Import(_folder.Write("e.gz", ImportFolder.Gzip("")))).Faults[0].Problem, StringComparison.Ordinal);

    [Fact]
    public void The_file_of_a_runner_counts_once()
    {
        var (a, b) = (_folder.Write("a.csv", Samples.K6Csv), _folder.Write("b.csv", Samples.K6Csv));
        foreach (var second in new[] { a, b })
            Assert.Contains("count twice", Assert.Throws<FaultException>(() => _folder.Import(a, second)).Faults[0].Problem, StringComparison.Ordinal);
    }

    /// <summary>Python writes numbers that JSON does not have: nothing was measured there.</summary>
    [Fact]
    public void NaN_and_Infinity_are_nothing_that_was_measured()
    {
        var record = _folder.Text("""{"backend": "sglang", "request_rate": Infinity, "duration": 10.0, "completed": 200, "request_throughput": 20.0, "min": -Infinity, "x": [NaN, -1.5e-3], "note": "NaN \" Infinity -", "median_e2e_latency_ms": 9.0, "p90_e2e_latency_ms": NaN}""");
        Assert.Equal((200L, null, 0.009, null), (record.Requests, record.Failures, record.Service!.P50, record.Service.P90));
        Why(record, "failures", "completed requests only");
        var none = _folder.Text("""{"duration": 10.0, "completed": 0, "failed": 5, "request_throughput": 0.0, "median_e2el_ms": NaN}""");
        Assert.Equal((5L, 5L, 0.0, null), (none.Requests, none.Failures, none.RequestsPerSecond, none.Service));
        Assert.Contains("is not whole", Refused("""{"duration": 10.0, "completed": nan, "request_throughput": 0.0}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_that_differ_only_at_their_ends_are_counted_each()
    {
        var record = _folder.Text(Samples.Oha.Replace("\"aborted due to deadline\":4", $"\"{new string('x', 300)} 1\":4,\"{new string('x', 300)} 2\":3", StringComparison.Ordinal));
        Assert.Equal((90 + 10 + 2 + 4 + 3L, 7L), (record.Requests, record.FailureKinds!["another error"]));
    }

    [Theory]
    [InlineData("0.05,0,0,0,0,0,20,0.1", "line 2: '20' in column status-code is no status")]
    [InlineData("0.05,0,0,0,0,0,200.7,0.1", "line 2: '200.7' in column status-code is no status")]
    [InlineData("0.05,0,0,0,0,0,-1,0.1", "line 2: '-1' in column status-code is no status")]
    [InlineData("0.05,0,0,0,0,0,99999999999999,0.1", "is no status")]
    [InlineData("-0.05,0,0,0,0,0,200,0.1", "line 2: '-0.05' in column response-time is no length of time")]
    [InlineData("NaN,0,0,0,0,0,200,0.1", "line 2: 'NaN' in column response-time is no number")]
    [InlineData("Infinity,0,0,0,0,0,200,0.1", "line 2: 'Infinity' in column response-time is no number")]
    [InlineData("\"0,05\",0,0,0,0,0,200,0.1", "line 2: '0,05' in column response-time is no number")]
    [InlineData("\n\n0.05,0,0,0,0,0,x,0.1", "line 4: 'x' in column status-code is no number")]
    public void What_no_request_can_have_is_told_by_line_and_value(string row, string problem) =>
        Assert.Contains(problem, Refused(HeyHeading + row + "\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("1.000,0,21,22.1,20,90,221,98.5,0,21,31,80", "'1.000' in column Request Count is no count")]
    [InlineData("1000.5,0,21,22.1,20,90,221,98.5,0,21,31,80", "'1000.5' in column Request Count is no count")]
    [InlineData("\"1,000\",0,21,22.1,20,90,221,98.5,0,21,31,80", "'1,000' in column Request Count is no number")]
    [InlineData("1000,N/A,21,22.1,20,90,221,98.5,0,21,31,80", null)]
    [InlineData("1000,-1,21,22.1,20,90,221,98.5,0,21,31,80", "'-1' in column Failure Count is no count")]
    public void A_count_that_another_locale_has_written_is_not_guessed_at(string row, string? problem)
    {
        if (problem is null) Why(_folder.Text($"{LocustHeading},Aggregated,{row}\n"), "failures", "no column for them");
        else Assert.Contains(problem, Refused($"{LocustHeading},Aggregated,{row}\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_without_a_count_is_not_none() =>
        Assert.Contains("line 2: 'N/A' in column Occurrences is no count", Refused("Method,Name,Error,Occurrences\nGET,/,x,N/A\n"), StringComparison.Ordinal);

    [Fact]
    public void A_line_is_counted_where_it_is_behind_fields_of_several_lines() =>
        Assert.Contains("line 4: 'x'", Refused("Method,Name,Error,Occurrences\nGET,/,\"a\nb\",1\nGET,/,c,x\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("http_req_duration,1767225600,NaN,200", "line 2: 'NaN' is no number")]
    [InlineData("http_req_duration,1767225600,+Inf,200", "line 2: '+Inf' is no number")]
    [InlineData("http_req_duration,1767225600,-5,200", "line 2: http_req_duration is -5")]
    public void A_duration_of_k6_that_cannot_be_is_told_by_its_line(string row, string problem) =>
        Assert.Contains(problem, Refused($"metric_name,timestamp,metric_value,status\n{row}\n"), StringComparison.Ordinal);

    [Fact]
    public void A_table_that_ends_in_a_line_is_read_and_that_is_said()
    {
        Assert.Contains(_folder.Text(Samples.Hey.TrimEnd('\n')).Remarks, r => r.Contains("may have been cut off", StringComparison.Ordinal));
        Assert.DoesNotContain(_folder.Text(Samples.Hey).Remarks, r => r.Contains("may have been cut off", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hey.txt", "Status code")]
    [InlineData("oha.txt", "Status code")]
    [InlineData("ab.txt", "Complete requests")]
    [InlineData("wrk.txt", "  22464657 requests")]
    public void What_was_printed_in_part_is_said_to_have_no_end(string name, string end)
    {
        var text = Samples.All[name];
        Assert.Contains("does not end", Refused(text[..text.IndexOf(end, StringComparison.Ordinal)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_hold_no_results_are_called_what_they_are()
    {
        Said(";", "other separators", Samples.Hey.Replace(',', ';'));
        Said("tabs", "other separators", Samples.Locust1.Replace(',', '\t'));
        Said("exceptions", "no requests", "Count,Message,Traceback,Nodes\n3,boom,\"  File\n y\",local\n");
        Said("page", "HTML", "<!DOCTYPE html>\n<html><head><title>Locust</title>");
        Said("responses", "LLMPerf's responses", """[{"error_code": null, "end_to_end_latency_s": 1.5, "ttft_s": 0.1}]""");
        Said("raw", "perf_analyzer", """{"experiments": [{"requests": []}], "version": "1"}""");
        Said("empty", "is empty", "");
        Said("blank", "is empty", " \n\n");
        Bytes("zip", "ZIP", [.. "PK"u8, 3, 4, .. new byte[50]]);
        Bytes("zst", "Zstandard", [0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]);
        Bytes("xz", "xz", [0xfd, .. "7zXZ"u8, 0, 1]);
        Bytes("bz2", "bzip2", [.. "BZh91AY"u8, 1]);
        Bytes("twice", "compressed twice", ImportFolder.Gzip(Encoding.Latin1.GetString(ImportFolder.Gzip(Samples.Hey))));
        Bytes("utf-16", "UTF-16 without a mark", Encoding.Unicode.GetBytes(Samples.Hey));
        Bytes("gob", "vegeta encode", [0x7f, 0xff, 0x81, 3, 1, 1, 6, .. "Result"u8, 1, 0xff, 0x82, 0, 1, 0x0c, 1, 6, .. "Attack"u8, 1]);
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "folder.csv")).FullName;
        Assert.Contains("is a folder", Assert.Throws<FaultException>(() => _folder.Import(folder)).Faults[0].Problem, StringComparison.Ordinal);

        void Said(string name, string what, string text) => Bytes(name, what, Encoding.UTF8.GetBytes(text));

        void Bytes(string name, string what, byte[] bytes)
        {
            var fault = Assert.Single(Assert.Throws<FaultException>(() => _folder.Import(_folder.Write(name, bytes))).Faults);
            Assert.Contains(what, $"{fault.Problem} {fault.Remedy}", StringComparison.Ordinal);
        }
    }

    private string Refused(string text) => Assert.Throws<RunFailedException>(() => _folder.Text(text)).Message;

    private static void Why(ImportedRecord record, string what, string why) =>
        Assert.Contains(why, Assert.Single(record.NotMeasured, n => n.What == what).Why, StringComparison.Ordinal);
}
