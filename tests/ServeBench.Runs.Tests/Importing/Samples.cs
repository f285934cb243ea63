namespace ServeBench.Runs.Tests.Importing;

/// <summary>Small files in the forms that other tools write, one of each; the fuzz starts from them.</summary>
internal static partial class Samples
{
    public const string LocustHeading = "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s";

    public const string Wrk = """
        Running 30s test @ http://user:pl4nted@127.0.0.1:8080/index.html
          12 threads and 400 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency   635.91us    0.89ms  12.92ms   93.69%
            Req/Sec    56.20k     8.07k   62.00k    86.54%
          Latency Distribution
             50%  250.00us
             75%  491.00us
             90%  700.00us
             99%    5.80ms
          22464657 requests in 30.00s, 17.76GB read
          Non-2xx or 3xx responses: 64657
        Requests/sec: 748821.90
        Transfer/sec:    606.33MB
        """;

    public const string Wrk2 = """
        Running 30s test @ http://127.0.0.1:80/index.html
          2 threads and 100 connections
          Thread calibration: mean lat.: 10087 usec, rate sampling interval: 22 msec
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency     6.60ms    1.92ms  12.50ms   68.46%
            Req/Sec     1.04k     1.08k    2.50k    72.79%
          Latency Distribution (HdrHistogram - Recorded Latency)
         50.000%    6.67ms
         90.000%    9.14ms
         99.000%   11.18ms
         99.900%   12.30ms
        100.000%   12.50ms

          Detailed Percentile spectrum:
               Value   Percentile   TotalCount 1/(1-Percentile)

               0.921     0.000000            1         1.00
              12.503     1.000000        59320          inf
          Latency Distribution (HdrHistogram - Uncorrected Latency (measured without taking delayed starts into account))
         50.000%    1.20ms
         99.000%    2.10ms
          60018 requests in 30.00s, 19.81MB read
          Socket errors: connect 3, read 2, write 0, timeout 0
        Requests/sec:   2000.28
        Transfer/sec:    676.18KB
        """;

    public const string VegetaText = """
        Requests      [total, rate, throughput]         4564, 76.05, 75.24
        Duration      [total, attack, wait]             1m0.43s, 1m0s, 416.529ms
        Latencies     [min, mean, 50, 90, 95, 99, max]  9.86ms, 660.113ms, 665.943ms, 931.831ms, 1.036s, 1.544s, 1.962s
        Bytes In      [total, mean]                     91139569, 19969.23
        Bytes Out     [total, mean]                     2069300, 453.40
        Success       [ratio]                           99.63%
        Status Codes  [code:count]                      200:4547  502:17
        Error Set:
        502 Bad Gateway
        """;

    public const string VegetaReport = """
        {"latencies":{"total":237119463,"mean":2371194,"50th":2854306,"90th":3228223,"95th":3478629,"99th":3530000,"max":3660505,"min":1949582},
         "bytes_in":{"total":606700,"mean":6067},"bytes_out":{"total":0,"mean":0},"earliest":"2015-09-19T14:45:50.645818631+02:00",
         "latest":"2015-09-19T14:45:51.635818575+02:00","end":"2015-09-19T14:45:51.639325797+02:00","duration":989999944,"wait":3507222,
         "requests":100,"rate":101.01010672380401,"throughput":90.0,"success":0.9,"status_codes":{"200":90,"503":8,"0":2},"errors":["503 Service Unavailable"]}
        """;

    /// <summary>Printed by ab 2.3 against a server that answers with 404, shortened; then with answers of several lengths, as it would be.</summary>
    public const string Ab = """
        This is ApacheBench, Version 2.3 <$Revision$>
        Copyright 1996 Adam Twiss, Zeus Technology Ltd, http://www.zeustech.net/

        Benchmarking 127.0.0.1 (be patient).....done

        Server Hostname:        127.0.0.1
        Concurrency Level:      2
        Time taken for tests:   2.000 seconds
        Complete requests:      200
        Failed requests:        30
           (Connect: 2, Receive: 3, Length: 24, Exceptions: 1)
        Non-2xx responses:      50
        Requests per second:    1818.71 [#/sec] (mean)
        Time per request:       1.100 [ms] (mean)

        Connection Times (ms)
                      min  mean[+/-sd] median   max
        Total:          0    1   1.1      1       5

        Percentage of the requests served within a certain time (ms)
          50%      1
          66%      1
          90%      2
          95%      4
          99%      5
         100%      5 (longest request)
        """;

    public const string Oha = """
        {"summary":{"successRate":1.0,"total":2.0,"slowest":0.09,"fastest":0.001,"average":0.02,"requestsPerSec":52.0,"totalData":100,"sizePerRequest":1,"sizePerSec":50.0},
         "responseTimeHistogram":{"0.001":1},"latencyPercentiles":{"p10":0.001,"p25":0.01,"p50":0.02,"p75":0.03,"p90":0.04,"p95":0.05,"p99":0.09,"p99.9":0.09,"p99.99":0.09},
         "rps":{"mean":50.0,"stddev":1.0,"max":60.0,"min":40.0,"percentiles":{"p50":50.0}},"details":{"DNSDialup":{"average":0.1,"fastest":0.1,"slowest":0.1}},
         "statusCodeDistribution":{"200":90,"500":10},"errorDistribution":{"aborted due to deadline":4,"connection refused (http://user:pl4nted@host)":2}}
        """;

    public const string Vllm = """
        {"date": "20260101-000000", "backend": "vllm", "num_prompts": 210, "request_rate": "inf", "duration": 10.0, "completed": 200, "total_input_tokens": 5,
         "request_throughput": 20.0, "output_throughput": 1.0, "input_lens": [1, 2, 3], "errors": ["", "Bad Gateway"],
         "mean_ttft_ms": 1.0, "median_ttft_ms": 1.0, "p99_ttft_ms": 2.0, "mean_e2el_ms": 55.0, "median_e2el_ms": 50.0, "std_e2el_ms": 1.0, "p90_e2el_ms": 60.0, "p99_e2el_ms": 70.0}
        """;

    public const string GuideLlm = """
        {"metadata": {"version": 1}, "args": {}, "benchmarks": [{"duration": 30.0, "config": {"strategy": {"type_": "concurrent"}},
          "metrics": {"request_totals": {"successful": 1000, "errored": 5, "incomplete": 2, "total": 1007},
           "requests_per_second": {"successful": {"mean": 33.3, "median": 33.0}, "total": {"mean": 35.0}},
           "request_latency": {"successful": {"mean": 0.5, "median": 0.45, "count": 1000, "percentiles": {"p001": 0.1, "p50": 0.45, "p90": 0.7, "p95": 0.8, "p99": 0.95, "p999": 1.0}},
                               "errored": {"median": 0.001, "percentiles": {"p50": 0.001}}}},
          "requests": {"successful": [{"request_latency": 0.4}, {"request_latency": 0.5}], "errored": []}}]}
        """;

    public const string AiPerf = """
        {"schema_version": "1.0", "request_throughput": {"unit": "requests/sec", "avg": 12.5}, "request_count": {"unit": "requests", "avg": 700.0},
         "request_latency": {"unit": "ms", "avg": 80.0, "p1": 1.0, "p50": 75.0, "p90": 90.0, "p95": 95.0, "p99": 99.0, "min": 1.0, "max": 120.0},
         "error_summary": [{"error_details": {"code": 503, "type": "HTTPError", "message": "busy"}, "count": 3}, {"error_details": {"code": null, "type": "TimeoutError", "message": ""}, "count": 2}],
         "input_config": {"endpoint": {"api_key": "pl4nted"}}}
        """;

    public const string K6Machine = """
        {"config": {"duration": 10, "execution": "local", "script": "file:///s.js"}, "metadata": {"generated_at": "2026-01-01T00:00:00Z", "k6_version": "2.0.0"}, "version": "1.0.0",
         "results": {"checks": {"metrics": [], "results": []}, "metrics": [
          {"contains": "time", "name": "http_req_duration", "type": "trend", "values": {"avg": 45, "max": 90, "med": 40, "min": 1, "p90": 60, "p95": 70}},
          {"contains": "time", "name": "http_req_duration{expected_response:true}", "type": "trend", "values": {"avg": 50, "med": 50, "p90": 65, "p95": 75}},
          {"contains": "default", "name": "http_req_failed", "type": "rate", "values": {"matches": 50, "rate": 0.25, "total": 200}},
          {"contains": "default", "name": "http_reqs", "type": "counter", "values": {"count": 200}}]}}
        """;

    public const string K6Handled = """
        {"root_group": {"name": ""}, "options": {"summaryTrendStats": ["avg"]}, "state": {"isStdOutTTY": false, "testRunDurationMs": 10000}, "metrics": {
          "http_reqs": {"type": "counter", "contains": "default", "values": {"count": 200, "rate": 20}},
          "http_req_failed": {"type": "rate", "contains": "default", "values": {"rate": 0.25, "passes": 50, "fails": 150}},
          "http_req_duration": {"type": "trend", "contains": "time", "values": {"avg": 45, "med": 40, "p(90)": 60, "p(95)": 70}},
          "http_req_duration{expected_response:true}": {"type": "trend", "contains": "time", "values": {"med": 50, "p(90)": 65, "p(95)": 75}}}}
        """;

    public const string HeyText = """

        Summary:
          Total:	2.0000 secs
          Slowest:	0.1231 secs
          Requests/sec:	52.0000

        Response time histogram:
          0.001 [1]	|
          0.013 [99]	|■■■■

        Latency distribution:
          10% in 0.0010 secs
          50% in 0.0200 secs
          90% in 0.0400 secs
          99% in 0.0900 secs

        Details (average, fastest, slowest):
          DNS+dialup:	0.0002 secs, 0.0010 secs, 0.0089 secs

        Status code distribution:
          [200]	90 responses
          [503]	10 responses

        Error distribution:
          [4]	Get "http://user:pl4nted@host/": dial tcp 127.0.0.1:1: connect: connection refused
        """;

    private const string Busy = """{"code":503,"type":"X","message":"no"}""";

    private const string Late = """Get \"http://user:pl4nted@h/\": context deadline exceeded""";

    /// <summary>20 answers of 200 at 50 ms and 20 of 503 at 1 ms, within one second.</summary>
    public static string Hey { get; } = "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n"
        + Lines(40, i => i % 2 == 0 ? $"0.0500,0.0001,0.0000,0.0000,0.0499,0.0001,200,{i / 2 * 0.05:0.0000}" : $"0.0010,0.0001,0.0000,0.0000,0.0009,0.0001,503,{i / 2 * 0.05:0.0000}");

    public static string HeyOld { get; } = "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read\n" + Lines(100, i => $"{(i + 1) * 0.001:0.0000},0.0001,0.0000,0.0000,0.0009,0.0001");

    public static string AbPercentages { get; } = "Percentage served,Time in ms\n" + Lines(101, i => $"{i},{i + 0.5:0.000}");

    public static string VegetaJson { get; } = Lines(40, i => $$"""
        {"attack":"","seq":{{i}},"code":{{(i % 4 == 3 ? 0 : 200)}},"timestamp":"2026-01-01T00:00:{{i * 0.05:00.000000000}}Z","latency":{{(i % 4 == 3 ? 1 : 50)}}000000,"bytes_out":0,"bytes_in":9,"error":"{{(i % 4 == 3 ? Late : "")}}","body":"","method":"GET","url":"http://user:pl4nted@h/","headers":null}
        """);

    public static string VegetaCsv { get; } = Lines(40, i => $"{1767225600000000000 + i * 50_000_000L},{(i % 4 == 3 ? 503 : 200)},{(i % 4 == 3 ? 1 : 50)}000000,0,9,{(i % 4 == 3 ? "503 Service Unavailable" : "")},,,{i}");

    public static string OhaCsv { get; } = "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n" + Lines(40, i => $"{i / 2 * 0.05:0.000},0,0,0.01,{(i % 2 == 0 ? "0.05" : "0.001")},9,{(i % 2 == 0 ? 200 : 503)}");

    public static string AiPerfRecords { get; } = Lines(41, i => $$"""
        {"metadata":{"session_num":{{i}},"request_start_ns":{{1767225600000000000 + i * 50_000_000L}},"request_end_ns":{{1767225600000000000 + i * 50_000_000L + 50_000_000}},"benchmark_phase":"{{(i == 0 ? "warmup" : "profiling")}}","was_cancelled":false},"metrics":{"request_latency":{"value":50.0,"unit":"ms"} },"error":{{(i % 4 == 3 ? Busy : "null")}} }
        """);

    public static string LocustHistory { get; } = "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,95%,99%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size\n"
        + "1767225600,1,,Aggregated,0.000000,0.000000,N/A,N/A,N/A,0,0,0,0.0,0,0,0\n"
        + Lines(20, i => $"{1767225601 + i},10,,Aggregated,50.0,10.0,20,30,40,{(i + 1) * 50},{(i + 1) * 10},20,21.5,1,90,100");

    public const string LocustFailures = """
        Method,Name,Error,Occurrences
        POST,/v1/embeddings,"HTTPError('503 Server Error: Service Unavailable for url: /v1/embeddings')",12
        POST,/v1/embeddings,"ConnectionRefusedError(111, 'Connection refused http://user:pl4nted@host')",3

        """;

    public const string Locust1 = """
        "Type","Name","Request Count","Failure Count","Median Response Time","Average Response Time","Min Response Time","Max Response Time","Average Content Size","Requests/s","Failures/s","50%","66%","75%","80%","90%","95%","98%","99%","99.9%","99.99%","99.999%","100%"
        "GET","/",10,0,72,75,66,89,2175,0.26,0.00,73,75,86,87,89,89,89,89,89,89,89,89
        "None","Aggregated",1000,5,81,109,66,402,1916,1.03,0.13,81,86,87,89,300,330,400,400,400,400,400,400

        """;

    /// <summary>k6's CSV: of HTTP, with every third request failed.</summary>
    public static string K6Csv { get; } = "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags\n"
        + Lines(60, i => $"http_reqs,{1767225600000 + i * 50},1,,,,{Ok(i)},,POST,n,HTTP/1.1,default,,{Status(i)},,,http://user:pl4nted@h/,\nhttp_req_duration,{1767225600000 + i * 50},{(i % 3 == 2 ? 1 : 50)},,,,{Ok(i)},,POST,n,HTTP/1.1,default,,{Status(i)},,,http://user:pl4nted@h/,");

    public static string K6Grpc { get; } = Lines(40, i => $$"""
        {"metric":"grpc_req_duration","type":"Point","data":{"time":"2026-01-01T00:00:{{i * 0.05 + 1:00.000000000}}Z","value":{{(i % 4 == 3 ? 1 : 50)}},"tags":{"method":"Infer","status":"{{(i % 4 == 3 ? 14 : 0)}}","url":"h/x"} } }
        """);

    private static string Ok(int i) => i % 3 == 2 ? "false" : "true";

    private static int Status(int i) => i % 3 == 2 ? 503 : 200;

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));

    /// <summary>Each with the name of a file.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["ab.txt"] = Ab, ["ab-percentages.csv"] = AbPercentages, ["aiperf.json"] = AiPerf, ["aiperf.jsonl"] = AiPerfRecords, ["guidellm.json"] = GuideLlm,
        ["hey-old.csv"] = HeyOld, ["hey.csv"] = Hey, ["hey.txt"] = HeyText, ["k6-grpc.json"] = K6Grpc, ["k6-handled.json"] = K6Handled, ["k6-machine.json"] = K6Machine, ["k6.txt"] = K6Text, ["k6.csv"] = K6Csv,
        ["locust-failures.csv"] = LocustFailures, ["locust-history.csv"] = LocustHistory, ["locust.json"] = LocustJson, ["llmperf.json"] = LlmPerf, ["locust1.csv"] = Locust1, ["oha.csv"] = OhaCsv, ["oha.json"] = Oha, ["oha.txt"] = OhaText, ["aiperf.csv"] = AiPerfTable,
        ["vegeta.csv"] = VegetaCsv, ["vegeta.json"] = VegetaJson, ["vegeta-report.json"] = VegetaReport, ["vegeta.txt"] = VegetaText, ["vegeta-plot.txt"] = VegetaPlot, ["vegeta-steps.txt"] = VegetaSteps, ["vllm.json"] = Vllm, ["wrk.txt"] = Wrk, ["wrk2.txt"] = Wrk2,
    };
}
