namespace ServeBench.Runs.Tests.Importing;

/// <summary>What the tools print, and the forms that are met beside the usual ones.</summary>
internal static partial class Samples
{
    public const string OhaText = """
        Summary:
          Success rate:	100.00%
          Total:	2000.0000 ms
          Slowest:	90.0000 ms
          Fastest:	1.0000 ms
          Average:	20.0000 ms
          Requests/sec:	52.0000

          Total data:	38.28 MiB
          Size/request:	1.96 KiB
          Size/sec:	6.44 MiB

        Response time histogram:
           1.000 ms [1]     |
           2.000 ms [99] |■■■■

        Response time distribution:
          10.00% in 1.0000 ms
          50.00% in 20.0000 ms
          90.00% in 40.0000 ms
          99.00% in 90.0000 ms
          99.90% in NaN ms

        Details (average, fastest, slowest):
          DNS+dialup:	0.0086 ms, 0.0039 ms, 0.0097 ms

        Status code distribution:
          [200] 90 responses
          [500] 10 responses

        Error distribution:
          [4] aborted due to deadline
          [2] connection refused (http://user:pl4nted@host)
        """;

    /// <summary>As k6 2.2.0 prints it, shortened.</summary>
    public const string K6Text = """

          █ TOTAL RESULTS

            checks_total.......: 60     233.055103/s
            ✗ ok
              ↳  85% — ✓ 51 / ✗ 9

            HTTP
            http_req_blocked...............: avg=21.81µs min=1.03µs  med=2.66µs  max=536.25µs p(90)=4.03µs  p(95)=78.63µs
            http_req_duration..............: avg=11.7ms  min=1.49ms  med=10.62ms max=33.17ms  p(90)=17.72ms p(95)=26.6ms
              { expected_response:true }...: avg=12.64ms min=1.58ms  med=10.71ms max=33.17ms  p(90)=25.8ms  p(95)=29.62ms
            http_req_failed................: 16.39% 10 out of 61
            http_reqs......................: 61     236.939355/s

            EXECUTION
            iteration_duration.............: avg=11.78ms min=1.61ms  med=10.71ms max=33.5ms   p(90)=18.61ms p(95)=27.1ms
        """;

    public const string VegetaPlot = """
        Value(ms)  Percentile  TotalCount  1/(1-Percentile)
        0.076715   0.000000    0           1.000000
        0.439249   0.500000    500         2.000000
        0.480836   0.900000    900         10.000000
        0.521709   0.950000    950         20.000000
        0.800000   0.990000    990         100.000000
        1.621709   1.000000    1000        10000000.000000

        """;

    public const string VegetaSteps = """
        Bucket           #     %       Histogram
        [0s,     2ms]    6007  70.32%  ####################################################
        [2ms,    4ms]    1505  17.62%  #############
        [4ms,    6ms]    2     0.02%
        [6ms,    +Inf]   1028  12.04%  #########

        """;

    public const string LocustJson = """
        [{"name": "/", "method": "GET", "last_request_timestamp": 1732126310.0, "start_time": 1732126300.0, "num_requests": 30, "num_none_requests": 0, "num_failures": 3, "response_times": {"10": 10, "20": 15, "100.0": 5}, "num_reqs_per_sec": {"1732126295": 2}},
         {"name": "/b", "method": "GET", "last_request_timestamp": 1732126309.0, "start_time": 1732126301.0, "num_requests": 10, "num_none_requests": 0, "num_failures": 0, "response_times": {"20": 10}, "num_reqs_per_sec": {}}]
        """;

    public const string AiPerfTable = """
        Metric,avg,min,max,p99,p95,p90,p75,p50,p25
        Time To First Token (ms),"1,146.31",249.48,"3,485.23","3,457.97","3,349.56","3,215.06","1,330.93",640.07,286.52
        Request Latency (ms),"6,406.20","5,371.47","9,608.72","9,436.13","9,349.56","9,046.58","6,549.60","5,690.23","5,493.63"

        Metric,Value
        Request Throughput (per sec),1.50
        Request Count (count),400.00

        """;

    public const string LlmPerf = """
        {"version": "2023-08-31", "name": "x", "model": "m", "results_end_to_end_latency_s_quantiles_p25": 12.2, "results_end_to_end_latency_s_quantiles_p50": 12.4, "results_end_to_end_latency_s_quantiles_p95": 12.8,
         "results_end_to_end_latency_s_mean": 12.5, "results_ttft_s_quantiles_p50": 1.5, "results_num_requests_started": 104, "results_error_rate": 0.04, "results_number_errors": 4, "results_error_code_frequency": "{429: 4}",
         "results_num_completed_requests": 100, "results_num_completed_requests_per_min": 36.0}
        """;
}
